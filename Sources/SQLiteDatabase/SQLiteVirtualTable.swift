/// A read-only table whose rows come from Swift.
public protocol SQLiteVirtualTable: AnyObject {
    /// The columns in order; fixed from the registration on.
    var columns: [SQLiteVirtualColumn] { get }

    /// Decides how rows are found for one use of the table in a statement.
    ///
    /// Nothing in the answer needs to be used: SQLite checks every row against every
    /// condition again. What is used must only never leave out a row that meets the condition.
    func plan(for request: SQLiteTableRequest) -> SQLiteTablePlan

    /// Makes a cursor, which one statement uses at a time.
    func makeCursor() throws(SQLiteError) -> any SQLiteTableCursor
}

/// Goes through the rows of a virtual table.
public protocol SQLiteTableCursor: AnyObject {
    /// Goes to the first row that meets the conditions, also for a second time.
    ///
    /// The conditions are those that the plan used. A condition whose value has a type that
    /// the column never has must be passed over, for SQLite to decide.
    ///
    /// - Parameters:
    ///   - conditions: what rows must meet, in the order of the plan.
    ///   - isDescending: whether the plan promised the rows in descending order.
    /// - Throws: what makes the statement fail.
    func start(_ conditions: [SQLiteCondition], isDescending: Bool) throws(SQLiteError)

    /// Goes to the next row.
    func advance() throws(SQLiteError)

    /// Whether the cursor stands behind the last row.
    var isAtEnd: Bool { get }

    /// The number of the current row, unlike that of any other.
    var rowIdentifier: Int64 { get }

    /// Hands over the value in a column of the current row; `NULL` where nothing is handed over.
    func value(ofColumn column: Int, to result: borrowing SQLiteResult) throws(SQLiteError)
}

/// A column of a virtual table.
public struct SQLiteVirtualColumn: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The declared type, such as `INTEGER`.
    public let type: String

    /// Makes a column from its parts.
    public init(_ name: String, _ type: String) {
        self.name = name
        self.type = type
    }
}

/// How a condition compares a column with a value.
public enum SQLiteComparison: UInt8, Hashable, Sendable {
    /// `=`; also each value of an `IN`, one after the other.
    case equal = 2
    /// `>`.
    case greater = 4
    /// `<=`.
    case lessOrEqual = 8
    /// `<`.
    case less = 16
    /// `>=`.
    case greaterOrEqual = 32
}

/// What a statement wants of a virtual table.
public struct SQLiteTableRequest: Hashable, Sendable {
    /// A condition whose value will be known when rows are looked for.
    public struct Constraint: Hashable, Sendable {
        /// The column, from 0; -1 is the row identifier.
        public let column: Int
        /// How it is compared, text by its bytes.
        public let comparison: SQLiteComparison
    }

    /// One column of an `ORDER BY`.
    public struct Order: Hashable, Sendable {
        /// The column, from 0; -1 is the row identifier.
        public let column: Int
        /// Whether the largest value comes first.
        public let isDescending: Bool
    }

    /// The conditions, all of which rows must meet.
    public let constraints: [Constraint]
    /// The order in which rows are wanted.
    public let order: [Order]
}

/// How a virtual table will find rows.
public struct SQLiteTablePlan: Hashable, Sendable {
    /// The indices of the request's constraints that the cursor wants to know.
    public var constraints: [Int]
    /// Whether rows come in the order of the request.
    public var isOrdered: Bool
    /// About how many rows the cursor will go through.
    public var estimatedRowCount: Int64

    /// Makes a plan; without arguments, one that goes through everything.
    public init(
        constraints: [Int] = [],
        isOrdered: Bool = false,
        estimatedRowCount: Int64 = 1_000_000
    ) {
        self.constraints = constraints
        self.isOrdered = isOrdered
        self.estimatedRowCount = estimatedRowCount
    }
}

/// A condition with its value.
public struct SQLiteCondition: Hashable, Sendable {
    /// The column, from 0; -1 is the row identifier.
    public let column: Int
    /// How it is compared.
    public let comparison: SQLiteComparison
    /// What it is compared with.
    public let value: SQLiteValue

    /// Makes a condition from its parts.
    public init(column: Int, comparison: SQLiteComparison, value: SQLiteValue) {
        self.column = column
        self.comparison = comparison
        self.value = value
    }
}
