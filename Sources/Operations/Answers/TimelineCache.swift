import Aggregates
import EventModel
import Synchronization

/// Keeps the history that was opened last, so that going back and forth in it is cheap.
final class TimelineCache: Sendable {
    private let last = Mutex<TimelineBox?>(nil)

    /// The state of a stream at a sequence.
    func state(
        of stream: StreamName,
        at sequence: Sequence,
        in reader: StateReader
    ) throws -> StreamState {
        try last.withLock { last in
            let box: TimelineBox
            if let kept = last, kept.timeline.stream == stream {
                box = kept
            } else {
                box = TimelineBox(try StateTimeline(of: stream, in: reader))
                last = box
            }
            return try box.timeline.state(at: sequence)
        }
    }
}

// Sendable: used only under the mutex that holds it.
/// Keeps a timeline, which only one thread at a time may use.
private final class TimelineBox: @unchecked Sendable {
    let timeline: StateTimeline

    init(_ timeline: StateTimeline) {
        self.timeline = timeline
    }
}
