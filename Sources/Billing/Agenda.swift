/// When which subscription does its next step; without one, a new customer comes.
struct Appointment: Sendable {
    let time: Int64
    let life: Int?
}

/// Appointments in the order of their times: a binary heap.
struct Agenda: Sendable {
    private var heap: [Appointment] = []

    mutating func add(_ appointment: Appointment) {
        heap.append(appointment)
        var index = heap.count - 1
        while index > 0, precedes(index, (index - 1) / 2) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func removeFirst() -> Appointment? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if heap.isEmpty { return first }
        heap[0] = last
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
                if precedes(child, least) { least = child }
            }
            if least == index { return first }
            heap.swapAt(index, least)
            index = least
        }
    }

    /// Whether one appointment comes before another; of equal times, the new customer last.
    private func precedes(_ left: Int, _ right: Int) -> Bool {
        let (left, right) = (heap[left], heap[right])
        return (left.time, left.life ?? .max) < (right.time, right.life ?? .max)
    }
}
