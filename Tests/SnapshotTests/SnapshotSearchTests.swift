import RecountTesting
import SQLiteDatabase
import Testing

@testable import Operations

@Test func `the snapshots of a page of streams are found without looking behind the page`() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/snapshots.sqlite"
    let database = try SQLiteConnection(path: path, mode: .readWriteCreate)
    try database.execute(SnapshotSQL.create)
    let plan = try database.prepare("EXPLAIN QUERY PLAN " + SnapshotSQL.selectStreams)
    var steps: [String] = []
    while try plan.step() { steps.append(plan.string(at: 3) ?? "") }
    #expect(steps.count == 1, "\(steps)")
    #expect(steps.first?.hasSuffix("(category=? AND stream>? AND stream<?)") == true, "\(steps)")
}
