package import EventModel

/// Finds the position of an event by its identity.
///
/// Holds the identities of the events from position 1 on, 16 bytes each, and four bytes of table
/// for each at half load. The hash is seeded, so that identities chosen to collide do not.
package struct IdentityTable: Sendable {
    private var identities: [EventID] = []
    private var slots: [UInt32]
    private let seed = HashSeed.value

    /// Makes an empty table with room for a number of identities.
    package init(expecting count: Int = 0) {
        slots = Array(repeating: 0, count: max(2, count * 2).nextPowerOfTwo)
    }

    /// How many identities the table holds: the last position taken in.
    package var count: Int { identities.count }

    /// The position of an identity; nothing where the store does not hold it.
    package func position(of id: EventID) -> Position? {
        let mask = slots.count - 1
        var slot = start(of: id)
        while slots[slot] != 0 {
            let number = Int(slots[slot])
            if identities[number - 1] == id { return Position(UInt64(number)) }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Adds the identity of the event at the next position.
    package mutating func add(_ id: EventID) {
        identities.append(id)
        if identities.count * 2 > slots.count { grow() } else { occupy(identities.count) }
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for number in 1...identities.count { occupy(number) }
    }

    private mutating func occupy(_ number: Int) {
        let mask = slots.count - 1
        var slot = start(of: identities[number - 1])
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(number)
    }

    private func start(of id: EventID) -> Int {
        Int(truncatingIfNeeded: mix(id.low ^ seed) ^ mix(id.high)) & (slots.count - 1)
    }
}
