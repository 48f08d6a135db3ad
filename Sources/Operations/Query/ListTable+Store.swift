import EventLog
import EventModel
import EventStorage
import JSON
import OperationsModel
import SQLiteDatabase

extension ListTable<StreamSummary> {
    /// The table `streams`, whose times are recorded times.
    static func streams(_ session: QuerySession) throws(OperationsError) -> ListTable {
        let count = try OperationsError.telling { try session.log.streamCount() }
        return ListTable(
            estimatedRowCount: count,
            lookupColumnCount: 2,
            columns: [
                Column("stream", "TEXT") { .text($0.stream.text) },
                Column("category", "TEXT") { .text($0.stream.category.text) },
                Column("events", "INTEGER") { .integer(Int64($0.eventCount)) },
                Column("firstTime", "TEXT") { .time($0.firstTime) },
                Column("lastTime", "TEXT") { .time($0.lastTime) },
            ],
            load: { (conditions) throws(SQLiteError) in
                try session.reading { try session.log.streams(conditions) }
            }
        )
    }
}

extension EventLog {
    /// The streams that meet conditions on their name and category.
    fileprivate func streams(
        _ conditions: [SQLiteCondition]
    ) throws(StorageError) -> [StreamSummary] {
        var request = StreamsRequest(limit: .max)
        for condition in conditions {
            guard case .text(let text) = condition.value else { continue }
            if condition.column == 0 { return try stream(StreamName(text)).map { [$0] } ?? [] }
            request.category = Category(text)
        }
        return try streams(request)
    }
}

extension ListTable<ProcessorStatus> {
    /// The table `processors`.
    static func processors(_ session: QuerySession) -> ListTable {
        ListTable(
            columns: [
                Column("group", "TEXT") { .text($0.group) },
                Column("state", "TEXT") { .text($0.state.rawValue) },
                Column("position", "INTEGER") { .integer(Int64($0.position.number)) },
                Column("head", "INTEGER") { .integer(Int64($0.head.number)) },
                Column("lagEvents", "INTEGER") { .integer(Int64($0.lagEvents)) },
                Column("lagSeconds", "REAL") { .real($0.lagSeconds) },
                Column("ratePerSecond", "REAL") { .real($0.ratePerSecond) },
                Column("segmentCount", "INTEGER") { .integer(Int64($0.segmentCount)) },
                Column("owner", "TEXT") { .text($0.owner) },
                Column("heartbeatSeconds", "REAL") {
                    $0.heartbeatSeconds.map { .real($0) } ?? .null
                },
                Column("deadLetterCount", "INTEGER") { .integer(Int64($0.deadLetterCount)) },
                Column("failure", "TEXT") { .text($0.failure) },
                Column("replayOperation", "TEXT") { .text($0.replay?.operation.description) },
                Column("replayFrom", "INTEGER") { .position($0.replay?.from) },
                Column("replayTo", "INTEGER") { .position($0.replay?.to) },
                Column("replayStartTime", "TEXT") { .time($0.replay?.startTime) },
                Column("pauseReason", "TEXT") { .text($0.pauseReason) },
                Column("projections", "TEXT") { .array($0.projections) },
                Column("tables", "TEXT") { .array($0.tables) },
            ],
            load: { (_) throws(SQLiteError) in
                try session.reading { try session.operations.processors() }
            }
        )
    }
}

extension ListTable<OperationEntry> {
    /// The table `operations`.
    static func operations(_ session: QuerySession) -> ListTable {
        ListTable(
            estimatedRowCount: 1000,
            columns: [
                Column("id", "TEXT") { .text($0.id.description) },
                Column("position", "INTEGER") { .position($0.position) },
                Column("requestTime", "TEXT") { .time($0.requestTime) },
                Column("name", "TEXT") { .text($0.name) },
                Column("target", "TEXT") { .text($0.target) },
                Column("operatorName", "TEXT") { .text($0.operatorName) },
                Column("host", "TEXT") { .text($0.host) },
                Column("reason", "TEXT") { .text($0.reason) },
                Column("outcome", "TEXT") { .text($0.outcome.parts.name) },
                Column("outcomeMessage", "TEXT") { .text($0.outcome.parts.message) },
                Column("outcomeTime", "TEXT") { .time($0.outcomeTime) },
                Column("change", "TEXT") { .text($0.change) },
            ],
            load: { (_) throws(SQLiteError) in
                try session.reading { try session.operations.operations(limit: .max) }
            }
        )
    }
}

extension OperationEntry.Outcome {
    /// What came of the request in a word, and what was said of it.
    fileprivate var parts: (name: String, message: String?) {
        switch self {
        case .pending: ("pending", nil)
        case .running: ("running", nil)
        case .completed(let message): ("completed", message)
        case .refused(let message): ("refused", message)
        case .failed(let message): ("failed", message)
        }
    }
}

extension SQLiteValue {
    /// Text, or `NULL` where there is none.
    fileprivate static func text(_ text: String?) -> SQLiteValue {
        text.map { .text($0 as String) } ?? .null
    }

    /// A moment as text, or `NULL` where there is none.
    fileprivate static func time(_ time: Timestamp?) -> SQLiteValue {
        .text(time?.description)
    }

    /// A position, or `NULL` where there is none.
    fileprivate static func position(_ position: Position?) -> SQLiteValue {
        position.map { .integer(Int64($0.number)) } ?? .null
    }

    /// Texts as a JSON array.
    fileprivate static func array(_ texts: [String]) -> SQLiteValue {
        var writer = JSONWriter()
        writer.beginArray()
        for text in texts { writer.string(text) }
        writer.endArray()
        return .text(String(decoding: writer.bytes, as: UTF8.self))
    }
}
