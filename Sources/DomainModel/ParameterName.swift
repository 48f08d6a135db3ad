import SQLiteDatabase

/// Names that parameters of statements can have.
protocol ParameterName: RawRepresentable, Hashable, Sendable where RawValue == String {}

extension ParameterName {
    /// What each parameter of a statement stands for, in order.
    ///
    /// - Throws: the reason why one of them stands for nothing, as a clause.
    static func parameters(
        of statement: SQLiteStatement,
        allowing allowed: [Self]
    ) throws(UnboundName) -> [Self] {
        var names: [Self] = []
        for parameter in statement.parameterNames {
            let known = allowed.map(\.rawValue)
            guard let parameter else { throw UnboundName(name: "?", allowed: known) }
            guard parameter.hasPrefix(":"),
                let name = Self(rawValue: String(parameter.dropFirst())),
                allowed.contains(name)
            else { throw UnboundName(name: parameter, allowed: known) }
            names.append(name)
        }
        return names
    }
}

/// A name in SQL that stands for nothing there.
struct UnboundName: Error, CustomStringConvertible {
    let name: String
    let allowed: [String]

    var description: String {
        let names = allowed.map { ":\($0)" }.joined(separator: " ")
        return "\(name) stands for nothing here; there are \(names)"
    }
}
