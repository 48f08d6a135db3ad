public import SQLiteDatabase

/// The rows of a read model, for comparing; for use by one thread at a time.
///
/// Recount's own tables do not belong to them, and views tell nothing that the tables do not.
public final class ReadModelRows {
    /// Hears that so many more rows were read; says whether to go on.
    public typealias Progress = (_ rowCount: Int) -> Bool

    let database: SQLiteConnection

    /// The rows that are told at once.
    private static let stride = 1024

    /// Opens the database of a group, a draft or a generation for reading.
    public init(path: String) throws(SQLiteError) {
        database = try SQLiteConnection(path: path, mode: .readOnly)
    }

    private init(_ database: SQLiteConnection) {
        self.database = database
    }

    /// Reads a scratch copy, which must not go on meanwhile.
    public init(of scratch: ScratchReadModel) {
        database = scratch.database
    }

    /// Has all that follows see the rows as they are now, until ``release()``; the write-ahead log
    /// of a group that goes on grows until then.
    public func hold() throws(SQLiteError) {
        try database.begin(.deferred)
        // A transaction begins with the first thing that is read.
        _ = try database.prepare("SELECT 1 FROM sqlite_schema", isTrusted: true).step()
    }

    /// Lets go of the moment that ``hold()`` took hold of.
    public func release() {
        // Nothing was written that could be lost.
        try? database.rollback()
    }

    /// The names of the tables.
    public func tables() throws(SQLiteError) -> [String] {
        try ComparedTable.all(in: database).map(\.name)
    }

    /// Counts the rows of all tables, or of some.
    public func rowCount(of names: Set<String>? = nil) throws(SQLiteError) -> Int64 {
        var count: Int64 = 0
        for table in try tables(names) { count += try table.rowCount(in: database) }
        return count
    }

    /// The statements that made the tables, by their names.
    public func definitions() throws(SQLiteError) -> [String: String] {
        let rows = try database.prepare("SELECT name, sql FROM sqlite_schema", isTrusted: true)
        var texts: [String: String] = [:]
        while try rows.step() { texts[rows.string(at: 0) ?? ""] = rows.string(at: 1) ?? "" }
        let names = try tables()
        return texts.filter { names.contains($0.key) }
    }

    /// Digests all rows of all tables, or of some.
    ///
    /// - Complexity: reads every row; sorts those of tables without a primary key, in files where
    ///   they are many.
    /// - Throws: ``ComparisonGivenUp``, and what SQLite reports.
    public func digest(
        of names: Set<String>? = nil,
        progress: @escaping Progress = { _ in true }
    ) throws -> ReadModelDigest {
        let maker = DigestMaker()
        var counter = RowCounter(progress)
        let tables = try tables(names).map { table in
            maker.append(UInt64(table.columns.count))
            for column in table.columns { maker.append(counted: column) }
            let rows = try table.cursor(by: table.order, in: database)
            var rowCount: Int64 = 0
            while try rows.next() {
                rows.add(to: maker)
                rowCount += 1
                try counter.advance()
            }
            let digest = maker.finish()
            return ReadModelDigest.Table(name: table.name, rowCount: rowCount, digest: digest)
        }
        return ReadModelDigest(tables)
    }

    /// Compares the rows of all tables, or of some, with those of another read model.
    ///
    /// - Parameters:
    ///   - after: the other one.
    ///   - names: the tables; nothing for all.
    ///   - rowCountMax: how many rows that differ are told of each table.
    ///   - progress: hears of the rows of both.
    /// - Returns: a difference for each table of either one, by name, also where it is empty.
    /// - Complexity: as for ``digest(of:progress:)``, for both.
    /// - Throws: ``ComparisonGivenUp``, and what SQLite reports.
    public func differences(
        to after: ReadModelRows,
        of names: Set<String>? = nil,
        rowCountMax: Int = 0,
        progress: @escaping Progress = { _ in true }
    ) throws -> [TableDifference] {
        let tables = Dictionary(byName: try tables(names))
        let others = Dictionary(byName: try after.tables(names))
        var counter = RowCounter(progress)
        return try Set(tables.keys).union(others.keys).sorted().map { name in
            let (table, other) = (tables[name], others[name])
            var difference = TableDifference(
                name,
                beforeCount: try table?.rowCount(in: database),
                afterCount: try other?.rowCount(in: after.database)
            )
            guard let table, let other, table.columns == other.columns else {
                difference.hasOtherColumns = table != nil && other != nil
                difference.removedCount = difference.beforeCount ?? 0
                difference.addedCount = difference.afterCount ?? 0
                return difference
            }
            var merge = try TableMerge(
                difference,
                (table, database),
                (other, after.database),
                rowCountMax: rowCountMax
            )
            try merge.run { try counter.advance() }
            return merge.difference
        }
    }

    /// Tells how the rows of one database differ from those of another one, which must be at the
    /// same position; for whoever waits for the answer.
    ///
    /// - Parameters:
    ///   - before: the file of the first, such as the generation in use.
    ///   - after: the file of the second, such as a draft that nobody else has open; no other file
    ///     is left beside it.
    ///   - rowCountMax: how many rows both may have together to be compared at all.
    /// - Returns: a difference for each table, without the rows themselves; nothing where there are
    ///   more rows.
    /// - Throws: what SQLite reports.
    public static func differences(
        from before: String,
        to after: String,
        rowCountMax: Int64
    ) throws -> [TableDifference]? {
        let before = try ReadModelRows(path: before)
        // Only who may write takes the write-ahead log away again.
        let after = ReadModelRows(try SQLiteConnection(path: after, mode: .readWriteCreate))
        try before.hold()
        defer { before.release() }
        guard try before.rowCount() + after.rowCount() <= rowCountMax else { return nil }
        return try before.differences(to: after)
    }

    private func tables(_ names: Set<String>?) throws(SQLiteError) -> [ComparedTable] {
        try ComparedTable.all(in: database).filter { names?.contains($0.name) ?? true }
    }

    /// Counts rows, and tells of many at once.
    private struct RowCounter {
        private let progress: Progress
        private var count = 0

        init(_ progress: @escaping Progress) { self.progress = progress }

        mutating func advance() throws {
            count += 1
            guard count == ReadModelRows.stride else { return }
            count = 0
            guard progress(ReadModelRows.stride) else { throw ComparisonGivenUp() }
        }
    }
}

/// Whoever asked for a comparison did not want to wait for its end.
public struct ComparisonGivenUp: Error, CustomStringConvertible {
    /// What happened.
    public let description = "the comparison was given up"

    /// Makes the error.
    public init() {}
}

extension [String: ComparedTable] {
    fileprivate init(byName tables: [ComparedTable]) {
        self.init(tables.map { ($0.name, $0) }) { first, _ in first }
    }
}
