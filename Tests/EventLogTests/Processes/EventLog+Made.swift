import Disk
import EventLog
import EventModel

extension EventLog {
    /// Makes an empty store with small files, and does not open it.
    static func make(_ store: StoreDirectory, fileSize: Int) throws {
        try make(
            store,
            id: EventID(high: 1, low: 2),
            options: LogOptions(testing: fileSize),
            disk: RealDisk(),
            now: systemTime
        )
    }
}
