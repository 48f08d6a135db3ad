import EventModel

/// How a group obeys what operators say about its effects.
extension GroupRun {
    /// Notes what is to become of an effect, and answers the operation.
    func decide(
        _ effect: EventID,
        _ wish: PendingEffect.Wish,
        _ stored: GroupProgress,
        of operation: EventID
    ) throws {
        processor.progress = try storage.transact {
            let message = wish == .retry ? "it is tried again" : "it is not tried again"
            try tell(
                try storage.note(wish, for: effect)
                    ? OperationOutcome(of: operation, .completed, message)
                    : OperationOutcome(of: operation, .refused, "no such effect waits")
            )
            return stored
        }
    }
}
