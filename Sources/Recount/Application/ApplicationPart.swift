public import Aggregates
public import ReadModels

/// Something a program is made of; see ``ApplicationBuilder`` for what may stand there.
public struct ApplicationPart: Sendable {
    var fold: Fold?
    var receiver: CommandReceiver?
    var group: ProjectionGroup?
    var verb: Verb?
}

/// Projections that share one tracking token and one database, the unit of reset and replay.
public struct ProjectionGroup: Sendable {
    /// The name of the processing group.
    public let name: String
    /// What handles the events, in this order.
    public let projections: [any Projection]

    /// Names a group.
    public init(_ name: String, _ projections: any Projection...) {
        self.name = name
        self.projections = projections
    }
}

/// Collects the parts of a program, one on each line: the type of an aggregate, a projection, which
/// is a group of its own name, a ``ProjectionGroup``, a `Fold`, or a ``Verb``.
@resultBuilder
public enum ApplicationBuilder {
    /// An aggregate, whose states can be shown.
    public static func buildExpression<Root: Aggregate & Codable>(
        _ type: Root.Type
    ) -> [ApplicationPart] {
        [ApplicationPart(fold: Fold(type))]
    }

    /// An aggregate that can also be sent commands from the command line.
    public static func buildExpression<Root: Aggregate & Codable>(
        _ type: Root.Type
    ) -> [ApplicationPart] where Root.Command: Decodable {
        [ApplicationPart(fold: Fold(type), receiver: CommandReceiver(type))]
    }

    /// A projection as a group of its own.
    public static func buildExpression(_ projection: some Projection) -> [ApplicationPart] {
        buildExpression(ProjectionGroup(projection.name, projection))
    }

    /// Projections that belong together.
    public static func buildExpression(_ group: ProjectionGroup) -> [ApplicationPart] {
        [ApplicationPart(group: group)]
    }

    /// The rules by which the streams of a category become states.
    public static func buildExpression(_ fold: Fold) -> [ApplicationPart] {
        [ApplicationPart(fold: fold)]
    }

    /// A verb of the command line.
    public static func buildExpression(_ verb: Verb) -> [ApplicationPart] {
        [ApplicationPart(verb: verb)]
    }

    /// All parts, in their order.
    public static func buildBlock(_ parts: [ApplicationPart]...) -> [ApplicationPart] {
        parts.flatMap { $0 }
    }

    /// The parts of an `if` without `else`.
    public static func buildOptional(_ parts: [ApplicationPart]?) -> [ApplicationPart] {
        parts ?? []
    }

    /// The parts of an `if`.
    public static func buildEither(first parts: [ApplicationPart]) -> [ApplicationPart] { parts }

    /// The parts of an `else`.
    public static func buildEither(second parts: [ApplicationPart]) -> [ApplicationPart] { parts }

    /// The parts of a `for`.
    public static func buildArray(_ parts: [[ApplicationPart]]) -> [ApplicationPart] {
        parts.flatMap { $0 }
    }
}
