public import EventModel
public import OperationsModel

/// The list of what operators did.
public struct OperationsState: Sendable {
    /// The operations that fit the filter, newest first.
    public internal(set) var rows: [OperationEntry] = []
    /// Which operation is selected.
    public internal(set) var cursor = ListCursor<EventID>()
    /// What narrows the list, as typed.
    public internal(set) var filter = ""

    static let limit = 200

    /// The selected operation.
    public var selected: OperationEntry? {
        rows.indices.contains(cursor.index) ? rows[cursor.index] : nil
    }

    mutating func take(_ all: [OperationEntry], rows visible: Int) {
        rows = all.filter { entry in
            matches(
                filter,
                "\(entry.name) \(entry.target) \(entry.operatorName) \(entry.reason)"
            )
        }
        cursor.reconcile(with: rows.map(\.id), rows: visible)
    }
}
