import EventLog
import EventModel
import EventStorage
import Glibc
import ProgramFixture
import RecountTesting
import Testing

/// A file of events that takes several batches to import.
private func manyLines() -> String {
    (0..<60_000).map { number in
        #"{"specversion":"1.0","id":"\#(number)","source":"urn:test","type":"Tested\#(number % 3)","#
            + #""subject":"cart-\#(number % 100)","time":"2026-11-20T03:47:00Z","#
            + #""datacontenttype":"application/json","data":{"number":\#(number)}}"#
    }.joined(separator: "\n") + "\n"
}

@Test func `an import that is killed and repeated gives the same store`() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/lines.ndjson"
    let lines = manyLines()
    let file = try #require(fopen(path, "w"))
    fputs(lines, file)
    fclose(file)
    let store = directory.path + "/test.store"
    #expect(try Program.run("init", store).status == 0)
    let log = try EventLog.open(StoreDirectory(store))
    var killCount = 0
    for _ in 0..<5 {
        let before = try log.head()
        let program = try Program(["import", store, path])
        var ended = false
        while try !ended && log.head() == before {
            _ = try log.wait(after: before, timeoutMilliseconds: 20)
            ended = program.hasEnded
        }
        program.send(SIGKILL)
        let execution = program.end()
        if execution.status == 0 { break }
        #expect(execution.status == -SIGKILL)
        killCount += 1
    }
    #expect(killCount > 0)
    let last = try Program.run("import", store, path)
    #expect(last.status == 0)
    #expect(try log.head() == Position(60_000))
    let isSame = try Program.run("export", store).output == lines
    #expect(isSame, "the export has the bytes of the file")
}
