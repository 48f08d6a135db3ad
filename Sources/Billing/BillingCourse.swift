/// What happens to many subscriptions one after the other, without an end.
struct BillingCourse: Sendable {
    private(set) var lives: [SubscriptionLife] = []
    private var random: SeededGenerator
    private var agenda = Agenda()
    /// The microseconds between two new customers, on average.
    private let arrivalInterval: Int64

    init(seed: UInt64, arrivalInterval: Int64) {
        random = SeededGenerator(seed: seed)
        self.arrivalInterval = arrivalInterval
        agenda.add(Appointment(time: 0, life: nil))
    }

    /// Keeps the next appointment.
    ///
    /// - Returns: when it is, in microseconds from the start, whose, and what happens, which may
    ///   be nothing.
    mutating func next() -> (time: Int64, life: Int, events: [SubscriptionEvent]) {
        while true {
            guard let appointment = agenda.removeFirst() else {
                preconditionFailure("New customers are always on the agenda.")
            }
            guard let number = appointment.life else {
                welcome(at: appointment.time)
                continue
            }
            let step = lives[number].step(&random)
            if let delay = step.delay {
                agenda.add(Appointment(time: appointment.time + delay, life: number))
            }
            return (appointment.time, number, step.events)
        }
    }

    /// A new customer, and the appointment with the one after.
    private mutating func welcome(at time: Int64) {
        agenda.add(Appointment(time: time, life: lives.count))
        lives.append(SubscriptionLife(number: lives.count, &random))
        let interval = Int64(random.next() % UInt64(2 * arrivalInterval)) + 1
        agenda.add(Appointment(time: time + interval, life: nil))
    }
}
