/// What SQL from outside may do on a connection.
///
/// Everything not named here is refused: `ATTACH`, virtual tables, extensions, transactions,
/// `VACUUM`, and every `PRAGMA`.
public struct SQLiteRestrictions: Hashable, Sendable {
    /// Whether rows of the main database's tables may be changed.
    public var allowsWriting: Bool
    /// Whether tables, indexes, views and triggers may be made and dropped.
    public var allowsSchemaChanges: Bool
    /// The start of the names of tables that may be read but never changed.
    public var protectedTablePrefix: String?
    /// How long one run of a statement may take; nothing for as long as it likes.
    public var timeLimitMilliseconds: Int?
    /// The functions that may be called, in lower case.
    public var allowedFunctions: Set<String>
    /// The largest size of a string, blob or row in bytes.
    public var lengthMax: Int32
    /// The largest size of a statement in bytes.
    public var sqlLengthMax: Int32

    /// Makes restrictions; without arguments, those of ad-hoc queries.
    public init(
        allowsWriting: Bool = false,
        allowsSchemaChanges: Bool = false,
        protectedTablePrefix: String? = nil,
        timeLimitMilliseconds: Int? = 1000,
        allowedFunctions: Set<String> = SQLiteRestrictions.standardFunctions,
        lengthMax: Int32 = 1_000_000,
        sqlLengthMax: Int32 = 100_000
    ) {
        self.allowsWriting = allowsWriting
        self.allowsSchemaChanges = allowsSchemaChanges
        self.protectedTablePrefix = protectedTablePrefix
        self.timeLimitMilliseconds = timeLimitMilliseconds
        self.allowedFunctions = allowedFunctions
        self.lengthMax = lengthMax
        self.sqlLengthMax = sqlLengthMax
    }

    /// SQLite's functions that read nothing but their arguments and the current row.
    ///
    /// Those for dates are among them, although their argument `now` is the clock: see
    /// ``SQLiteConnection/Configuration/hasClock``.
    public static let deterministicFunctions = Set(
        """
        -> ->> abs acos acosh asin asinh atan atan2 atanh avg ceil ceiling char coalesce cos cosh \
        count cume_dist date datetime degrees dense_rank exp first_value floor format glob \
        group_concat hex ifnull iif instr json json_array json_array_length json_each \
        json_extract json_group_array json_group_object json_insert json_object json_patch \
        json_quote json_remove json_replace json_set json_tree json_type json_valid julianday lag \
        last_value lead length like likelihood likely ln log log10 log2 lower ltrim max min mod \
        nth_value ntile nullif percent_rank pi pow power printf quote radians rank replace round \
        row_number rtrim sign sin sinh sqrt strftime substr substring sum tan tanh time total trim \
        trunc typeof unicode unixepoch unlikely upper zeroblob
        """.split(separator: " ").map(String.init)
    )

    /// The deterministic functions, chance, the clock, and what tells SQLite's version.
    public static let standardFunctions = deterministicFunctions.union([
        "random", "randomblob", "current_date", "current_time", "current_timestamp", "changes",
        "total_changes", "last_insert_rowid", "sqlite_version",
    ])
}
