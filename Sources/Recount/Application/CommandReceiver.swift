import Aggregates
import Disk
import EventLog
import EventModel
import EventSchema
import EventStorage
import JSON
import Operations

/// Carries out commands that come as JSON, for the aggregates of one category.
struct CommandReceiver: Sendable {
    /// What came of a command, whatever the aggregate.
    struct Reply {
        /// Where the events of the command stand.
        var placements: [AppendResult.Placement]
        /// Whether the command had been carried out before.
        var isRepeated: Bool
    }

    /// The category of the aggregates.
    let category: Category
    /// Carries out a command.
    let receive:
        @Sendable (
            _ store: OpenStore, _ command: [UInt8], _ identifier: String,
            _ metadata: CommandMetadata
        ) throws -> Reply

    /// Receives the commands of an aggregate.
    init<Root: Aggregate & Codable>(_ type: Root.Type) where Root.Command: Decodable {
        category = Root.category
        receive = { store, json, identifier, metadata in
            let command: Root.Command
            do {
                command = try JSONEventDecoder().decode(Root.Command.self, from: json)
            } catch {
                throw CommandFailure.usage(
                    "\(Root.self) has no such command: \(EventCodecError.describe(error))"
                )
            }
            let repository = try store.repository(of: Root.self)
            let outcome: CommandOutcome<Root>
            do {
                outcome = try repository.handle(command, for: identifier, metadata: metadata)
            } catch {
                throw CommandFailure(error)
            }
            return Reply(placements: outcome.placements, isRepeated: outcome.isRepeated)
        }
    }
}
