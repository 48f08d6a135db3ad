/// A value as SQLite stores it.
public enum SQLiteValue: Sendable {
    /// `NULL`.
    case null
    /// A whole number.
    case integer(Int64)
    /// A floating-point number.
    case real(Double)
    /// Text.
    case text(String)
    /// Bytes.
    case blob([UInt8])
}

extension SQLiteValue: Hashable {
    /// Whether both have the same type and, text by its UTF-8 bytes, the same value.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.integer(let left), .integer(let right)): left == right
        case (.real(let left), .real(let right)): left == right
        case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
        case (.blob(let left), .blob(let right)): left == right
        default: false
        }
    }

    /// Feeds what equality goes by to a hasher.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .integer(let value): hasher.combine(value)
        case .real(let value): hasher.combine(value)
        case .text(var value): value.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        case .blob(let value): hasher.combine(value)
        }
    }
}

/// The type of a stored value.
public enum SQLiteType: Hashable, Sendable {
    /// `NULL`.
    case null
    /// A 64-bit integer.
    case integer
    /// A double.
    case real
    /// Text in UTF-8.
    case text
    /// Bytes.
    case blob
}
