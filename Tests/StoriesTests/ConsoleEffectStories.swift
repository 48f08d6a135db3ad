import Disk
import Glibc
import JSON
import ProgramFixture
import Testing

/// Mails of a program in Swift that fail or are in doubt, in its console on a terminal of its own.
@Suite struct ConsoleEffectStories {
    private let store: StoryStore

    init() throws {
        store = try StoryStore(model: "recount: 1\n")
    }

    private func start(_ verb: String) throws -> Program {
        try Program([verb, store.path], named: "MailProgram")
    }

    private func run(_ verb: String, _ rest: String...) throws -> Execution {
        try Program([verb, store.path] + rest, named: "MailProgram").end()
    }

    private func put(_ ending: String) throws {
        try StoryStore.write("", to: store.path + ending)
    }

    private func sent() throws -> [String] {
        let path = store.path + ".sent"
        guard RealDisk().exists(path) else { return [] }
        let file = try RealDisk().open(path, writable: false)
        return String(decoding: try file.read(0..<file.size()), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    private func openConsole() throws -> TerminalProgram {
        let console = try TerminalProgram(["console", store.path], named: "MailProgram")
        console.shows("story", "pulse")
        console.type("3")
        console.shows("► mails")
        return console
    }

    @Test func `a mail in doubt is tried again, once somebody has looked whether it was sent`()
        throws
    {
        try put(".crash")
        try store.append("cart-1", "Paid", #"{"amount":10}"#)
        try store.append("cart-2", "Paid", #"{"amount":7}"#)
        #expect(try start("run").end().status == -SIGKILL)
        #expect(try run("effects").status == 1)
        try RealDisk().remove(store.path + ".crash")

        let console = try openConsole()
        console.shows("x effects")
        console.type("x")
        console.shows("1 in doubt", "1 waiting")
        console.shows("► ▲ in doubt", "mail", "cart-1")
        console.shows("begun and never ended")
        console.shows(#"{"amount":10}"#)
        let host = try start("run")
        console.shows("1 in doubt", "1 performed")
        console.shows("● performed", "cart-2")
        #expect(try sent() == [#"cart-2 {"amount":7}"#])
        console.arms(because: "mail server was killed")
        console.type("a")
        console.shows("► ", "Try mail cart-1 again")
        console.shows("Give up mail cart-1")
        console.type("\r")
        console.shows("try again, because")
        console.type("the inbox is empty\r")
        console.shows("nobody knows whether it was done")
        console.confirms("story/mails")
        console.shows("2 performed")
        #expect(try sent() == [#"cart-2 {"amount":7}"#, #"cart-1 {"amount":10}"#])
        console.ends(with: host)
        let entry = try #require(try store.run("operations", "--json").objects().first)
        #expect(entry["operation"] == "retry-effect" && entry["reason"] == "the inbox is empty")
        #expect(entry["outcome"] == "completed")
        #expect(try run("effects").status == 0)
    }

    @Test func `a mail that fails is given up, and never sent`() throws {
        try put(".down")
        try store.append("cart-1", "Paid", #"{"amount":10}"#)
        let host = try start("run")
        let console = try openConsole()
        console.type("x")
        console.shows("○ waiting", "cart-1", "ServerDown()")
        console.arms(because: "server is gone")
        console.type("a")
        console.shows("Give up mail cart-1")
        console.type("j\r")
        console.shows("give up, because")
        console.type("cart was a test\r")
        console.shows("It is never done, also not in a replay.")
        console.confirms("story/mails")
        console.shows("1 given up")
        try RealDisk().remove(store.path + ".down")
        try store.append("cart-2", "Paid", #"{"amount":7}"#)
        console.shows("1 performed", "1 given up")
        console.ends(with: host)
        #expect(try sent() == [#"cart-2 {"amount":7}"#])
    }

    @Test func `a group that asks for no effects says so`() throws {
        let plain = try TerminalProgram(
            ["frame", store.path, "effects", "mails"],
            named: "MailProgram"
        )
        plain.writes("mails has asked for no mail yet")
        _ = plain.end()
        let other = try StoryStore.billing(10)
        let console = try TerminalProgram(["console", other.path])
        console.type("3")
        console.shows("GROUP", "STATE")
        console.type("x")
        console.shows("this group asks for no effects")
        console.ends()
    }
}
