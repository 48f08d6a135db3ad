/// What all rows of a read model come to: equal for two if and only if their tables hold the same
/// rows.
///
/// A value counts with its type: `1`, `1.0`, `'1'` and `NULL` differ. A table's digest is that of
/// the number and the names of its columns and of its rows, by primary key or, where there is none,
/// by all values; the group's is that of the number of its tables and of the name and the digest of
/// each, by name. Numbers have 8 bytes, highest first; that of its bytes stands before each name,
/// text, blob and digest.
public struct ReadModelDigest: Hashable, Sendable {
    /// One table of it.
    public struct Table: Hashable, Sendable {
        /// The name.
        public var name: String
        /// How many rows it has.
        public var rowCount: Int64
        /// What they come to.
        public var digest: Digest
    }

    /// The tables by name, without Recount's own.
    public let tables: [Table]
    /// What all tables come to.
    public let digest: Digest

    init(_ tables: [Table]) {
        self.tables = tables
        let maker = DigestMaker()
        maker.append(UInt64(tables.count))
        for table in tables {
            maker.append(counted: table.name)
            maker.append(counted: table.digest.bytes.span)
        }
        digest = maker.finish()
    }
}
