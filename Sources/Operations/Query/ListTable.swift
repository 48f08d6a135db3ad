import SQLiteDatabase

/// A virtual table over a list that is made anew for each look at it.
final class ListTable<Element>: SQLiteVirtualTable {
    /// A column and what it shows of an element.
    struct Column {
        let name: String
        let type: String
        let value: (Element) -> SQLiteValue

        init(_ name: String, _ type: String, _ value: @escaping (Element) -> SQLiteValue) {
            self.name = name
            self.type = type
            self.value = value
        }
    }

    let columns: [SQLiteVirtualColumn]
    let values: [(Element) -> SQLiteValue]
    let load: ([SQLiteCondition]) throws(SQLiteError) -> [Element]
    private let estimatedRowCount: Int64
    private let lookupColumnCount: Int

    /// Makes a table.
    ///
    /// - Parameters:
    ///   - estimatedRowCount: about how many elements there are.
    ///   - lookupColumnCount: for how many of the first columns `load` is told the values that
    ///     rows must have.
    ///   - columns: the columns.
    ///   - load: makes the list; may leave out what does not meet the conditions.
    init(
        estimatedRowCount: Int = 10,
        lookupColumnCount: Int = 0,
        columns: [Column],
        load: @escaping ([SQLiteCondition]) throws(SQLiteError) -> [Element]
    ) {
        self.columns = columns.map { SQLiteVirtualColumn($0.name, $0.type) }
        values = columns.map(\.value)
        self.load = load
        self.estimatedRowCount = Int64(estimatedRowCount)
        self.lookupColumnCount = lookupColumnCount
    }

    func plan(for request: SQLiteTableRequest) -> SQLiteTablePlan {
        let used = request.constraints.indices.filter {
            (0..<lookupColumnCount).contains(request.constraints[$0].column)
                && request.constraints[$0].comparison == .equal
        }
        let isLookup = used.contains { request.constraints[$0].column == 0 }
        return SQLiteTablePlan(
            constraints: used,
            estimatedRowCount: isLookup ? 1 : max(1, estimatedRowCount / (used.isEmpty ? 1 : 2))
        )
    }

    func makeCursor() -> any SQLiteTableCursor {
        ListCursor(self)
    }
}

private final class ListCursor<Element>: SQLiteTableCursor {
    private let table: ListTable<Element>
    private var elements: [Element] = []
    private var index = 0

    init(_ table: ListTable<Element>) {
        self.table = table
    }

    func start(_ conditions: [SQLiteCondition], isDescending: Bool) throws(SQLiteError) {
        elements = try table.load(conditions)
        index = 0
    }

    func advance() {
        index += 1
    }

    var isAtEnd: Bool { index >= elements.count }

    var rowIdentifier: Int64 { Int64(index) + 1 }

    func value(ofColumn column: Int, to result: borrowing SQLiteResult) {
        guard table.values.indices.contains(column) else { return }
        switch table.values[column](elements[index]) {
        case .null: result.null()
        case .integer(let value): result.integer(value)
        case .real(let value): result.double(value)
        case .text(let value): result.text(value)
        case .blob(let value): result.blob(value.span)
        }
    }
}
