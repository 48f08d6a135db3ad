import ProgramFixture
import RecountTesting
import Testing

@Test func `the largest numbers lead to an answer, not to a trap`() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/test.store"
    #expect(try Program.run("init", path).status == 0)
    #expect(try Program.run("append", path, "cart-1", "Added").status == 0)
    let largest = "18446744073709551615"
    for (arguments, status) in [
        (["events", path, "--after", largest], 0),
        (["export", path, "--after", largest], 0),
        (["history", path, "cart-1", "--from", largest], 0),
        (["history", path, "cart-1", "--to", largest], 0),
        (["state", path, "cart-1", "--at", largest], 0),
        (["state", path, "cart-1", "--at-position", largest], 0),
        (["diff", path, "cart-1", "0", largest], 0),
        (["append", path, "cart-1", "Added", "--expect", largest], 3),
        (["append", path, "cart-2", "Added", "--expect", largest], 3),
        (["frame", path, "history", "cart-1@" + largest], 0),
    ] as [([String], Int32)] {
        let execution = try Program(arguments).end()
        #expect(execution.status == status, "\(arguments): \(execution.messages)")
    }
}
