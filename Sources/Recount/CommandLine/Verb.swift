/// One thing the command line can do: how it is called, what is said of it, and how it is done.
///
/// Parsing, help and the reference page are made from these values alone.
public struct Verb: Sendable {
    /// What the verb is called by, such as `events`.
    public var name: String
    /// What it does, in one line without a period.
    public var summary: String
    /// What else there is to know, in sentences; may be empty.
    public var discussion: String
    /// The arguments without a name, in order.
    public var operands: [Operand]
    /// The arguments with a name.
    public var options: [VerbOption]
    /// How it is used; at least one.
    public var examples: [Example]
    /// What its exit statuses mean, apart from those that mean the same for every verb.
    public var exitStatuses: [ExitStatusMeaning]
    /// Does it; blocks until it is done.
    public var run: @Sendable (VerbContext) throws -> ExitStatus

    /// Makes a verb.
    public init(
        _ name: String,
        _ summary: String,
        discussion: String = "",
        operands: [Operand] = [],
        options: [VerbOption] = [],
        examples: [Example],
        exitStatuses: [ExitStatusMeaning] = [],
        run: @escaping @Sendable (VerbContext) throws -> ExitStatus
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.operands = operands
        self.options = options
        self.examples = examples
        self.exitStatuses = exitStatuses
        self.run = run
    }
}

/// An argument without a name.
public struct Operand: Sendable {
    /// How often the argument is given.
    public enum Count: Sendable {
        /// Exactly once.
        case one
        /// Once or not at all.
        case optional
        /// At least once; only for the last operand.
        case many
    }

    /// What help calls it, in capitals.
    public var name: String
    /// What it is.
    public var help: String
    /// How often it is given.
    public var count: Count

    /// Makes an operand.
    public init(_ name: String, _ help: String, count: Count = .one) {
        self.name = name
        self.help = help
        self.count = count
    }

    /// The directory of the store.
    public static let store = Operand("STORE", "The directory of the store.")
}

/// An argument with a name, written `--name`, `--name VALUE` or `--name=VALUE`.
public struct VerbOption: Sendable {
    /// The name without the hyphens before it.
    public var name: String
    /// What help calls the value, such as `N` or `stop|skip`; nothing where there is no value.
    public var placeholder: String?
    /// What it does.
    public var help: String
    /// Whether it may be given several times.
    public var isRepeatable: Bool
    /// Whether it must be given.
    public var isRequired: Bool

    /// Makes an option.
    public init(
        _ name: String,
        _ placeholder: String? = nil,
        _ help: String,
        isRepeatable: Bool = false,
        isRequired: Bool = false
    ) {
        self.name = name
        self.placeholder = placeholder
        self.help = help
        self.isRepeatable = isRepeatable
        self.isRequired = isRequired
    }

    /// Prints JSON instead of text.
    public static let json = VerbOption(
        "json",
        nil,
        "Print one JSON object per line instead of text."
    )
}

/// A call that shows how a verb is used.
public struct Example: Sendable {
    /// The call, without the name of the program.
    public var call: String
    /// What it does.
    public var explanation: String

    /// Makes an example.
    public init(_ call: String, _ explanation: String) {
        self.call = call
        self.explanation = explanation
    }
}
