import EventModel
import EventStorage

/// How often each type and revision occurs, while events are added.
struct RecentCensus: Sendable {
    private var types = NameArena()
    /// For each type the number of its term.
    private var terms: [Int] = []
    /// For each row the number of its type.
    private var rowTypes: [Int] = []
    private(set) var rows: [TypeCensus] = []
    private var slots = HashSlots()

    /// Takes in an event that lies in a block of the terms.
    mutating func add(
        _ event: borrowing EventView,
        hash: UInt64,
        block: UInt32,
        in termIndex: inout RecentTerms
    ) {
        let type = number(of: event.type, hash: hash, block: block, in: &termIndex)
        termIndex.add(term: terms[type], block: block)
        let revision = event.revision
        let rowHash = UInt32(truncatingIfNeeded: hash) &+ revision &* 0x9E37_79B9
        let known = slots.first(rowHash) { rowTypes[$0] == type && rows[$0].revision == revision }
        if let known { rows[known].add(event) } else { addRow(event, type: type, hash: rowHash) }
    }

    private mutating func number(
        of type: RawSpan,
        hash: UInt64,
        block: UInt32,
        in termIndex: inout RecentTerms
    ) -> Int {
        if let number = types.number(of: type, hash: hash) { return number }
        terms.append(termIndex.add(hash, block: block))
        return types.add(type, hash: hash)
    }

    private mutating func addRow(_ event: borrowing EventView, type: Int, hash: UInt32) {
        slots.insert(hash, rows.count)
        rowTypes.append(type)
        rows.append(TypeCensus(first: event))
    }
}
