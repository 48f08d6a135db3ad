import EventLog
import EventModel
import EventStorage
import Glibc
import JSON
import Processing
import ProgramFixture
import ReadModels
import RecountTesting
import Testing

/// A replay in one process, and a group of another that handles events as they come.
@Suite struct YieldStories {
    /// Two groups, one that takes some milliseconds for each new event, and one for each replay.
    private static let model = """
        recount: 1
        projections:
          live:
            tables:
              - CREATE TABLE counts (position INTEGER PRIMARY KEY, count INTEGER)
            on:
              New: &slow
                - INSERT INTO counts
                  WITH RECURSIVE numbers(number) AS (
                    SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 20000)
                  SELECT :position, max(number) FROM numbers
          replayed:
            tables:
              - CREATE TABLE counts (position INTEGER PRIMARY KEY, count INTEGER)
            on:
              Old:
                - INSERT INTO counts VALUES (:position, 20000)
            replay:
              on:
                Old: *slow

        """

    private static func request(_ type: EventType, from number: UInt64) -> AppendRequest {
        let events = (number..<number + 4000).map { number in
            var event = TestEvents.event(number)
            event.type = type
            return event
        }
        return AppendRequest(events, to: StreamName("cart-1"))
    }

    @Test func `a replay yields to a group of another process, and goes on when that is killed`()
        throws
    {
        let store = try StoryStore(model: YieldStories.model)
        let log = try store.open()
        _ = try log.append(YieldStories.request("Old", from: 0))
        let replaying = try store.start("run", "--group", "replayed")
        let live = try store.start("run", "--group", "live")
        #expect(try store.waitsUntilDecided())
        let arguments = ["--yes", "--no-wait", "--reason", "to be sure"]
        #expect(try Program(["replay", store.path, "replayed"] + arguments).end().status == 0)
        _ = try log.append(YieldStories.request("New", from: 4000))
        let files = GroupFiles(group: "replayed", directory: store.places.groups)
        let observer = GroupObserver(files: files)
        var place: Position?
        var heartbeats: Set<Timestamp> = []
        func look() {
            guard let observation = try? observer.observe(), let signs = observation.signs,
                observation.progress?.replay != nil
            else { return }
            if signs.position != place { heartbeats = [] }
            place = signs.position
            heartbeats.insert(signs.heartbeat)
        }
        // A replay that does not yield is somewhere else after each batch.
        #expect(
            wait {
                look()
                return heartbeats.count > 5
            }
        )
        live.send(SIGKILL)
        #expect(live.end().status == -SIGKILL)
        var places: Set<Position> = []
        #expect(
            wait {
                look()
                if let place { places.insert(place) }
                return places.count > 5
            }
        )
        replaying.send(SIGINT)
        #expect(replaying.end().status == 0)
    }
}
