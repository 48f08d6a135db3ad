import EventModel
import EventStorage
import Glibc
import Operations
import RecountTesting
import SQLiteDatabase
import Testing

@Test("snapshots in memory are kept", arguments: SnapshotStoreConformance.all)
func conformanceInMemory(_ demand: SnapshotStoreConformance) throws {
    try demand.check(InMemorySnapshotStore())
}

@Test("snapshots in a file are kept", arguments: SnapshotStoreConformance.all)
func conformanceInFile(_ demand: SnapshotStoreConformance) throws {
    let directory = TemporaryDirectory()
    try demand.check(SnapshotDatabase(path: directory.path + "/snapshots.sqlite"))
}

private let stream = StreamName("cart-1")
private let request = SnapshotRequest(of: stream, fingerprint: "rules 1")

private func snapshot(_ sequence: UInt64) -> Snapshot {
    Snapshot(
        stream: stream,
        sequence: Sequence(sequence),
        position: Position(sequence + 1),
        eventID: EventID(high: 1, low: sequence),
        latestTime: .epoch,
        fingerprint: "rules 1",
        takenTime: .epoch,
        state: Array(#"{"count":\#(sequence)}"#.utf8)
    )
}

@Test func `nobody who opens the file at the same time throws away what another saved`() throws {
    for _ in 0..<30 {
        let directory = TemporaryDirectory()
        let path = directory.path + "/snapshots.sqlite"
        let threads = (0..<4).map { number in
            WorkerThread {
                #expect(throws: Never.self) {
                    try SnapshotDatabase(path: path).save(snapshot(UInt64(number)))
                }
            }
        }
        for thread in threads { thread.join() }
        let sequences = try SnapshotDatabase(path: path).list(of: stream).map(\.sequence.number)
        try #require(sequences == [3, 2, 1, 0])
    }
}

@Test func `snapshots are there after opening again`() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/snapshots.sqlite"
    try SnapshotDatabase(path: path).save(snapshot(7))
    #expect(try SnapshotDatabase(path: path).newest(request) == snapshot(7))
}

@Test func `a missing file holds nothing and is not made by looking`() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/snapshots.sqlite"
    #expect(try SnapshotDatabase(path: path).newest(request) == nil)
    #expect(access(path, F_OK) != 0)
}

@Test func `a file that is no database is made anew`() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/snapshots.sqlite"
    try write(Array(repeating: 0x55, count: 9000), to: path)
    let database = SnapshotDatabase(path: path)
    #expect(try database.newest(request) == nil)
    try database.save(snapshot(7))
    #expect(try database.newest(request) == snapshot(7))
}

@Test func `a file removed under way is made anew`() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/snapshots.sqlite"
    let database = SnapshotDatabase(path: path)
    try database.save(snapshot(7))
    for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    #expect(try database.newest(request) == nil)
    try database.save(snapshot(8))
    #expect(try database.list(of: stream).map(\.sequence.number) == [8])
}

@Test(arguments: ["state = x'7B7D'", "latest_time = 5", "position = 1", "sequence = 3"])
func `a row that was changed does not exist`(change: String) throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/snapshots.sqlite"
    let database = SnapshotDatabase(path: path)
    try database.save(snapshot(2))
    try database.save(snapshot(7))
    let other = try SQLiteConnection(path: path, mode: .readWriteCreate)
    try other.execute("UPDATE snapshots SET \(change) WHERE sequence = 7")
    #expect(try database.newest(request) == snapshot(2))
}

@Test func `a file of another format is made anew`() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/snapshots.sqlite"
    let other = try SQLiteConnection(path: path, mode: .readWriteCreate)
    try other.execute("CREATE TABLE snapshots (a); PRAGMA user_version = 99")
    let database = SnapshotDatabase(path: path)
    try database.save(snapshot(7))
    #expect(try database.newest(request) == snapshot(7))
}

@Test func `a place that cannot be written is an error, not a trap`() throws {
    let database = SnapshotDatabase(path: "/proc/none/snapshots.sqlite")
    #expect(try database.newest(request) == nil)
    #expect(throws: StorageError.self) { try database.save(snapshot(7)) }
}

private func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
}
