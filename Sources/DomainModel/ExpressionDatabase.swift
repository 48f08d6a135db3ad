import SQLiteDatabase
import Synchronization

/// A locked-down SQLite without tables and without a clock, in which expressions are computed, for
/// one thread.
final class ExpressionDatabase {
    /// What stands before an expression to make it a statement.
    static let prefix = "SELECT ("
    /// The largest state or payload in bytes; events hold at most a megabyte.
    private static let lengthMax: Int32 = 64 << 20

    let binder = EventBinder()
    private let database: SQLiteConnection

    init() throws(SQLiteError) {
        let configuration = SQLiteConnection.Configuration(hasClock: false)
        database = try SQLiteConnection(path: "", mode: .inMemory, configuration: configuration)
        try database.restrict(to: ExpressionDatabase.restrictions)
    }

    static let restrictions = SQLiteRestrictions(
        allowedFunctions: SQLiteRestrictions.deterministicFunctions,
        lengthMax: lengthMax
    )

    /// Compiles an expression.
    func prepare(_ expression: ModelText) throws(SQLiteError) -> SQLiteStatement {
        // The line break ends a comment at the end of the expression.
        try database.prepare("\(ExpressionDatabase.prefix)\(expression.sql)\n)")
    }
}

/// Things for one thread at a time that wait for the next, so that making them is paid once.
final class Pool<Element>: Sendable {
    private static var waitingMax: Int { 8 }

    // Whoever takes an element out has it alone; the lock guards only the waiting ones.
    private struct Waiting: @unchecked Sendable {
        var elements: [Element] = []
    }

    private let waiting = Mutex(Waiting())

    /// Takes an element that waits, or makes one.
    func take(orMake make: () throws -> Element) rethrows -> Lease<Element> {
        let taken = waiting.withLock { waiting in
            waiting.elements.popLast().map { Waiting(elements: [$0]) }
        }
        if let element = taken?.elements.first { return Lease(element, of: self) }
        return Lease(try make(), of: self)
    }

    fileprivate func put(_ element: Element) {
        let returned = Waiting(elements: [element])
        waiting.withLock { waiting in
            guard waiting.elements.count < Pool.waitingMax else { return }
            waiting.elements += returned.elements
        }
    }
}

/// An element of a pool, which goes back when nothing refers to the lease any more.
final class Lease<Element> {
    let element: Element
    private let pool: Pool<Element>

    fileprivate init(_ element: Element, of pool: Pool<Element>) {
        self.element = element
        self.pool = pool
    }

    deinit {
        pool.put(element)
    }
}
