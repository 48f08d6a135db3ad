public import EventModel
public import EventSchema
public import EventStorage

/// The upcasters of a program, by category.
///
/// Upcasters that come with the fold of a category are for its streams only, since categories may
/// use one name for different types; those of the store's model are for every stream. Where both
/// take the same form, that of the fold wins.
public struct Upcastings: Sendable {
    private let byCategory: [(category: [UInt8], upcasting: Upcasting)]
    private let shared: Upcasting

    /// Makes the table.
    ///
    /// - Parameters:
    ///   - folds: folds that may bring upcasters.
    ///   - shared: the upcasters for every stream.
    /// - Throws: an error where those of a category and the shared ones lead in a circle.
    public init(of folds: [Fold], shared: Upcasting) throws(UpcasterError) {
        var byCategory: [Category: Upcasting] = [:]
        for fold in folds {
            guard let category = fold.category, !fold.upcasting.isEmpty else { continue }
            byCategory[category] = try fold.upcasting.joined(with: shared)
        }
        self.init(byCategory, shared: shared)
    }

    /// Makes the table from the upcasters of some categories and those of every other one; without
    /// any, events stay as they are.
    public init(_ byCategory: [Category: Upcasting] = [:], shared: Upcasting = Upcasting()) {
        self.byCategory = byCategory.map { (Array($0.key.text.utf8), $0.value) }
        self.shared = shared
    }

    /// Some types, and those of which upcasters may make one of them in any category.
    public func sourceTypes(leadingTo types: Set<EventType>) -> Set<EventType> {
        byCategory.reduce(into: shared.sourceTypes(leadingTo: types)) { known, entry in
            known.formUnion(entry.upcasting.sourceTypes(leadingTo: types))
        }
    }

    /// Whether every event stays as it is.
    public var isEmpty: Bool { byCategory.allSatisfy(\.upcasting.isEmpty) && shared.isEmpty }

    /// Shows what a stored event is today: usually one event, sometimes several or none.
    ///
    /// - Throws: `UpcasterError`; what the closure throws.
    public func forEachCurrent(
        of event: borrowing EventView,
        _ body: (borrowing EventView) throws -> Void
    ) throws {
        for entry in byCategory where event.isOfCategory(entry.category) {
            return try entry.upcasting.forEachCurrent(of: event, body)
        }
        try shared.forEachCurrent(of: event, body)
    }
}
