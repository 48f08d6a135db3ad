public import EventModel

/// Which row of a list is selected, by identity rather than by place.
public struct ListCursor<Identity: Hashable & Sendable>: Sendable {
    /// The selected row; nothing while the list is empty.
    public internal(set) var selected: Identity?
    /// The place of the selected row in the list.
    public internal(set) var index = 0
    /// The first row of the list that is on the screen.
    public internal(set) var top = 0
    /// When an operator last moved it.
    public internal(set) var moveTime: Timestamp?

    /// Makes a cursor that selects the first row as soon as there is one.
    public init() {}

    /// The first row to draw where `rows` rows fit, such that the selected one is among them.
    public func firstRow(fitting rows: Int, of count: Int) -> Int {
        let lowest = max(0, index - max(1, rows) + 1)
        return max(lowest, min(top, index, max(0, count - rows)))
    }

    /// Whether the order of rows must not change now, since an operator just moved here.
    func holdsOrder(at now: Timestamp) -> Bool {
        guard let moveTime else { return false }
        return now.seconds(since: moveTime) < 3
    }

    /// Selects a row by its place; a place outside the list means its nearer end.
    mutating func select(_ target: Int, in identities: [Identity], rows: Int) {
        guard !identities.isEmpty else {
            selected = nil
            index = 0
            top = 0
            return
        }
        index = min(max(0, target), identities.count - 1)
        selected = identities[index]
        top = firstRow(fitting: rows, of: identities.count)
    }

    /// Moves by so many rows on behalf of an operator.
    mutating func move(by rows: Int, in identities: [Identity], visible: Int, at now: Timestamp) {
        moveTime = now
        select(index + rows, in: identities, rows: visible)
    }

    /// Follows the selected row to its new place, keeping it where it is on the screen.
    mutating func reconcile(with identities: [Identity], rows: Int) {
        let offset = index - top
        if let selected, let place = identities.firstIndex(of: selected) {
            top = max(0, place - offset)
            index = place
        }
        select(index, in: identities, rows: rows)
    }
}

/// Keeps rows in the order they are shown in; new rows go to the end.
func keepingOrder<Row, Identity: Hashable>(
    of shown: [Identity],
    _ rows: [Row],
    identity: (Row) -> Identity
) -> [Row] {
    let places = Dictionary(
        shown.enumerated().map { ($0.element, $0.offset) },
        uniquingKeysWith: { first, _ in first }
    )
    return rows.enumerated().sorted { left, right in
        let leftPlace = places[identity(left.element)] ?? shown.count + left.offset
        let rightPlace = places[identity(right.element)] ?? shown.count + right.offset
        return leftPlace < rightPlace
    }.map(\.element)
}
