import Disk
import Glibc
import ProgramFixture
import RecountTesting
import Testing

/// Which other processes have a file open.
@Suite struct FileOpenersTests {
    private let directory = TemporaryDirectory()
    private var path: String { directory.path + "/file" }

    /// The processes with their names; nothing where they are not known.
    private func openers(of path: String) -> [String]? {
        FileOpeners(of: path)?.openers.map { "\($0.process) \($0.name)" }
    }

    @Test func `a process that has a file open is named, whatever the file is called now`() throws {
        _ = try RealDisk().create(path, size: 1)
        _ = try RealDisk().create(directory.path + "/other", size: 1)
        let holder = try FileHolder(of: path)
        let expected = ["\(holder.process) sleep"]
        #expect(openers(of: path) == expected)
        #expect(openers(of: directory.path + "/other") == [])
        try RealDisk().rename(path, to: path + ".new")
        #expect(openers(of: path + ".new") == expected)
        // Another file has its name now.
        _ = try RealDisk().create(path, size: 1)
        #expect(openers(of: path) == [])
        #expect(symlink(path + ".new", path + ".link") == 0)
        #expect(openers(of: path + ".link") == expected)
    }

    @Test func `this process and one that has ended have no file open`() throws {
        let file = try RealDisk().create(path, size: 1)
        do {
            let holder = try FileHolder(of: path)
            #expect(FileOpeners(of: path)?.openers.map(\.process).contains(holder.process) == true)
        }
        // A process that another test starts has what this one has until its program begins.
        #expect(wait { openers(of: path) == [] })
        #expect(try file.size() == 1)
    }

    @Test func `nobody has a file open that does not exist`() {
        #expect(openers(of: path) == [])
    }

    @Test func `where processes are not shown, nothing is known`() throws {
        #expect(FileOpeners(of: path, in: directory.path) == nil)
        #expect(FileOpeners(of: path, in: path) == nil)
        try RealDisk().createDirectory("\(directory.path)/\(getpid())")
        let openers = try #require(FileOpeners(of: path, in: directory.path))
        #expect(openers.openers.isEmpty && !openers.isComplete)
        try RealDisk().createDirectory("\(directory.path)/1")
        #expect(FileOpeners(of: path, in: directory.path)?.isComplete == true)
    }
}
