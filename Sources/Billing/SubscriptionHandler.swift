import Recount

/// Handles the events of subscriptions, decoded, on one thread.
///
/// What the projections of this domain share: they differ in their tables and in what they do
/// with an event.
final class SubscriptionHandler: ProjectionHandler {
    private let codec = Subscription.codec
    private let update: (SubscriptionEvent, RecordedEvent) throws -> Bool

    /// Makes a handler from what changes rows for an event and says whether there was something
    /// to do.
    init(_ update: @escaping (SubscriptionEvent, RecordedEvent) throws -> Bool) {
        self.update = update
    }

    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        guard event.streamName.category == Subscription.category else { return false }
        let event = event.recorded
        return try update(codec.decode(event), event)
    }
}

extension SubscriptionEvent {
    /// The money that an event moves, as customers see it; nothing where it moves none.
    var amountCents: Int? {
        switch self {
        case .invoiceIssued(_, _, let cents), .invoiceVoided(_, _, let cents),
            .paymentReceived(_, _, let cents), .paymentRefunded(_, _, let cents):
            cents
        case .created, .activated, .paymentFailed, .suspended, .reactivated, .cancelled: nil
        }
    }
}
