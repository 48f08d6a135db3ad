public import EventModel
public import EventSchema
public import EventStorage

/// The state of one aggregate while its events are folded, for use by one thread.
///
/// A copy goes its own way, so that a state can be kept while the fold goes on.
public protocol FoldState {
    /// Takes in the next event of the stream.
    ///
    /// - Throws: what the rules say against the event, which then leaves the state as it was.
    mutating func apply(_ event: borrowing EventView) throws

    /// Goes on from a state that ``encoded()`` gave.
    ///
    /// - Throws: an error where the bytes are no such state.
    mutating func load(_ state: [UInt8]) throws

    /// The state as compact JSON.
    func encoded() throws -> [UInt8]
}

/// How the events of one category become the state of an aggregate.
public struct Fold: Sendable {
    /// The category; nothing where the fold serves every category.
    public let category: Category?
    private let rulesFingerprint: String
    /// A snapshot is taken every so many events; nothing means not by their number.
    public let snapshotEvery: Int?
    /// A snapshot is taken where a load took longer; nothing means not by measured time.
    public let snapshotAfter: Duration?
    /// Where the rules come from: `program`, the name of the model file, or the merge of payloads.
    public let rules: String
    /// The types that the rules have something to say about; nothing means every type.
    public let types: [EventType]?
    /// The upcasters by which events are made current before the rules see them.
    public private(set) var upcasting: Upcasting
    private let make: @Sendable () throws -> any FoldState

    /// Makes a fold.
    ///
    /// - Parameters:
    ///   - category: the category it is for.
    ///   - fingerprint: differs when the shape of the state or the rules differ; part of what
    ///     snapshots are marked with, and another one makes them worthless.
    ///   - snapshotEvery: after how many events a snapshot is due.
    ///   - snapshotAfter: after how long a load a snapshot is due.
    ///   - rules: where the rules come from, in words.
    ///   - types: the types that change the state; nothing where every type is for the rules.
    ///   - upcasting: the upcasters by which events are made current before the state sees them.
    ///   - makeState: makes the state before the first event, for the thread that calls.
    public init(
        category: Category?,
        fingerprint: String,
        snapshotEvery: Int? = nil,
        snapshotAfter: Duration? = nil,
        rules: String = Fold.rulesOfProgram,
        types: [EventType]? = nil,
        upcasting: Upcasting = Upcasting(),
        makeState: @escaping @Sendable () throws -> any FoldState
    ) {
        precondition(snapshotEvery.map { $0 > 0 } ?? true, "A snapshot is due after some events.")
        self.category = category
        rulesFingerprint = fingerprint
        self.snapshotEvery = snapshotEvery
        self.snapshotAfter = snapshotAfter
        self.rules = rules
        self.types = types
        self.upcasting = upcasting
        make = makeState
    }

    /// A text that differs when the shape of the state, the rules or the upcasters differ.
    public var fingerprint: String {
        guard !upcasting.isEmpty else { return rulesFingerprint }
        return "\(rulesFingerprint), upcasters \(upcasting.fingerprint)"
    }

    /// This fold with further upcasters, of which those for a form that it takes itself are left
    /// out.
    ///
    /// - Throws: an error where together they lead in a circle.
    public func joined(with others: Upcasting) throws(UpcasterError) -> Fold {
        var fold = self
        fold.upcasting = try upcasting.joined(with: others)
        return fold
    }

    /// The state before the first event, for the thread that calls.
    public func makeState() throws -> any FoldState {
        let state = try make()
        return upcasting.isEmpty ? state : UpcastingState(state: state, upcasting: upcasting)
    }

    /// What ``rules`` says of rules written in Swift.
    public static let rulesOfProgram = "program"
}

/// The folds of a program, by category.
public struct Folds: Sendable {
    private let byCategory: [Category: Fold]

    /// Makes the table; without folds, every state is the merge of the payloads.
    ///
    /// - Precondition: no two folds are for the same category.
    public init(_ folds: [Fold] = []) {
        var byCategory: [Category: Fold] = [:]
        for fold in folds {
            guard let category = fold.category else {
                preconditionFailure("A fold of a program names the category it is for.")
            }
            let earlier = byCategory.updateValue(fold, forKey: category)
            precondition(earlier == nil, "The category \(category) has one fold.")
        }
        self.byCategory = byCategory
    }

    /// The folds with rules of their own, sorted by category.
    public var all: [Fold] {
        byCategory.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The fold of a category: its own, or the merge of payloads.
    public subscript(category: Category) -> Fold {
        byCategory[category] ?? .mergeOfPayloads
    }
}
