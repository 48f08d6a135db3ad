public import EventModel

/// The arguments a verb was called with, read as what they stand for.
///
/// Asking for a name that the verb does not declare is a mistake of the program and traps.
public struct VerbArguments: Sendable {
    private let verb: Verb
    private let values: [String: [String]]
    private let operands: [String]

    init(verb: Verb, values: [String: [String]], operands: [String]) {
        self.verb = verb
        self.values = values
        self.operands = operands
    }

    /// The value of an operand; nothing where an optional one is not given.
    public func optionalOperand(_ name: String) -> String? {
        self.operands(name).first
    }

    /// The value of an operand that must be given.
    public func operand(_ name: String) -> String {
        guard let value = optionalOperand(name) else {
            preconditionFailure("The operand \(name) is not one that must be given.")
        }
        return value
    }

    /// The values of an operand that may be given several times.
    public func operands(_ name: String) -> [String] {
        guard let index = verb.operands.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("The verb \(verb.name) has no operand \(name).")
        }
        guard verb.operands[index].count == .many else {
            return Array(operands.dropFirst(index).prefix(1))
        }
        return Array(operands.dropFirst(index))
    }

    /// Whether an option is given.
    public func has(_ name: String) -> Bool { !texts(name).isEmpty }

    /// The value of an option; nothing where it is not given.
    public func text(_ name: String) -> String? { texts(name).first }

    /// The values of an option that may be given several times.
    public func texts(_ name: String) -> [String] {
        precondition(
            verb.options.contains { $0.name == name },
            "The verb \(verb.name) has no option --\(name)."
        )
        return values[name] ?? []
    }
}

extension VerbArguments {
    /// The value of an option, read by `read`; nothing where it is not given.
    ///
    /// - Throws: a ``CommandFailure`` of wrong usage where `read` finds nothing in it.
    public func value<Value>(
        _ name: String,
        _ expected: String,
        _ read: (String) -> Value?
    ) throws(CommandFailure) -> Value? {
        try values(name, expected, read).first
    }

    /// The values of an option that may be given several times, read by `read`.
    ///
    /// - Throws: a ``CommandFailure`` of wrong usage where `read` finds nothing in one of them.
    public func values<Value>(
        _ name: String,
        _ expected: String,
        _ read: (String) -> Value?
    ) throws(CommandFailure) -> [Value] {
        var values: [Value] = []
        for text in texts(name) {
            guard let value = read(text) else {
                throw .usage("--\(name) must be \(expected); it is '\(text)'")
            }
            values.append(value)
        }
        return values
    }

    /// The value of an option that is a position.
    public func position(_ name: String) throws(CommandFailure) -> Position? {
        try value(name, "a position, a whole number from 0") { UInt64($0).map(Position.init) }
    }

    /// The value of an option that is a sequence.
    public func sequence(_ name: String) throws(CommandFailure) -> Sequence? {
        try value(name, "a sequence, a whole number from 0") { UInt64($0).map(Sequence.init) }
    }

    /// The value of an option that counts something.
    public func count(_ name: String) throws(CommandFailure) -> Int? {
        try value(name, "a whole number from 0") { text in
            Int(text).flatMap { $0 >= 0 ? $0 : nil }
        }
    }

    /// The value of an option that is a moment.
    public func time(_ name: String) throws(CommandFailure) -> Timestamp? {
        try value(name, "a time as in RFC 3339, such as 2026-11-20T03:47:00+01:00") {
            Timestamp($0)
        }
    }

    /// The value of an option that is one of a few words.
    public func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        as type: Choice.Type = Choice.self
    ) throws(CommandFailure) -> Choice? {
        let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return try value(name, "one of \(words)") { Choice(rawValue: $0) }
    }

    /// The values of an option that are tags.
    public func tags(_ name: String) throws(CommandFailure) -> [EventTag] {
        try values(name, "a tag of the form KEY:VALUE") { EventTag($0) }
    }
}
