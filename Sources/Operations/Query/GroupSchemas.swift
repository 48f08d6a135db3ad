import Disk
import OperationsModel
import ReadModels
import SQLiteDatabase

/// The groups' read models that one query can read, each under the name of its group.
struct GroupSchemas {
    /// The databases that SQLite reads at once besides the main one.
    private static let countMax = 10
    /// The names that SQLite uses itself.
    private static let reservedNames = ["main", "temp"]
    /// The names of the virtual tables, which mean those also where a group has such a table.
    private static let virtualTables = ["events", "streams", "processors", "operations"]

    /// Why a group cannot be read, by its name.
    private var reasons: [(group: String, reason: String)] = []

    /// Attaches what an SQL text may read; to be called before the connection is restricted.
    ///
    /// These are all groups that have a database or, where those are too many, the ones the text
    /// names. A group that cannot be read fails only the queries that read it.
    ///
    /// - Throws: `invalid` where the text itself names too many.
    init(
        for sql: String,
        of operations: StoreOperations,
        to connection: SQLiteConnection
    ) throws(OperationsError) {
        var groups: [ReadModelGroup] = []
        for group in operations.domain.groups {
            if let reason = reason(against: group, beside: groups, on: operations.disk) {
                reasons.append((group.name, reason))
            } else {
                groups.append(group)
            }
        }
        if groups.count > GroupSchemas.countMax {
            let names = SchemaNames(in: sql)
            groups = groups.filter { names.contains($0.name) }
        }
        guard groups.count <= GroupSchemas.countMax else {
            throw OperationsError(
                .invalid,
                "the query reads \(groups.count) groups; "
                    + "it can read \(GroupSchemas.countMax) at once"
            )
        }
        for group in groups { attach(group, to: connection) }
    }

    private func reason(
        against group: ReadModelGroup,
        beside others: [ReadModelGroup],
        on disk: any Disk
    ) -> String? {
        guard disk.exists(group.files.database) else {
            return group.reasonWithoutDatabase
        }
        let taken = GroupSchemas.reservedNames + others.map(\.name)
        guard !taken.contains(where: { $0.isSameName(as: group.name) }) else {
            return "the group \(group.name) cannot be read by SQL, because its name is taken; "
                + "'recount table' shows its tables"
        }
        return nil
    }

    private mutating func attach(_ group: ReadModelGroup, to connection: SQLiteConnection) {
        do throws(SQLiteError) {
            let statement = try connection.prepare("ATTACH ? AS ?")
            try statement.bind(text: GroupSchemas.readOnlyAddress(group.files.database), at: 1)
            try statement.bind(text: group.name, at: 2)
            try statement.run()
            try uncover(group, on: connection)
        } catch {
            reasons.append((group.name, "the group \(group.name) cannot be read: \(error)"))
        }
    }

    /// Lets a virtual table be found by its name alone although a group has a table of that name.
    private func uncover(
        _ group: ReadModelGroup,
        on connection: SQLiteConnection
    ) throws(SQLiteError) {
        let schema = group.name.quotedAsName
        let tables = try connection.prepare("SELECT name FROM \(schema).sqlite_schema")
        var covered: Set<String> = []
        while try tables.step() {
            guard let name = tables.string(at: 0) else { continue }
            covered.formUnion(GroupSchemas.virtualTables.filter { $0.isSameName(as: name) })
        }
        for name in covered.sorted() {
            try connection.execute(
                "CREATE TEMP VIEW IF NOT EXISTS \(name) AS SELECT * FROM main.\(name)"
            )
        }
    }

    /// A file as SQLite's `file:` address, which allows reading alone.
    private static func readOnlyAddress(_ path: String) -> String {
        var address = "file:"
        for byte in path.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F:
                address.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                address += byte < 16 ? "%0" : "%"
                address += String(byte, radix: 16)
            }
        }
        return address + "?mode=ro"
    }

    /// Why a table that SQLite does not find cannot be read, where its group is the reason.
    func reason(for error: SQLiteError) -> String? {
        let (start, message) = ("no such table: ", error.message)
        guard message.hasPrefix(start) else { return nil }
        let table = String(message.dropFirst(start.count))
        return reasons.first { group, _ in
            table.utf8.count > group.utf8.count + 1
                && String(decoding: table.utf8.prefix(group.utf8.count + 1), as: UTF8.self)
                    .isSameName(as: group + ".")
        }?.reason
    }
}
