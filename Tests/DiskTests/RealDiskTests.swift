import Disk
import Glibc
import RecountTesting
import Testing

/// What only the machine's own disk can show.
@Suite struct RealDiskTests {
    @Test func `a status tells links, other kinds and what others may write`() throws {
        let directory = TemporaryDirectory()
        let (link, pipe) = (directory.path + "/link", directory.path + "/pipe")
        #expect(symlink("nowhere", link) == 0)
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(chmod(directory.path, 0o770) == 0)
        #expect(try RealDisk().status(link).kind == .link)
        #expect(try RealDisk().status(pipe).kind == .other)
        #expect(try RealDisk().status(directory.path).isWritableByOthers)
    }

    @Test func `a link or a pipe under the name of a file is not waited for`() throws {
        let directory = TemporaryDirectory()
        let (link, pipe) = (directory.path + "/link", directory.path + "/pipe")
        #expect(symlink("/etc/passwd", link) == 0)
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(throws: DiskError.self) { try RealDisk().open(link, writable: false) }
        #expect(throws: DiskError.self) { try RealDisk().share(link, writable: false) }
        #expect(throws: DiskError.self) { try RealDisk().share(pipe, writable: false) }
        #expect(try RealDisk().open(pipe, writable: false).size() == 0)
    }

    @Test func `a reader shares a page whose file nobody may write`() throws {
        let directory = TemporaryDirectory()
        let path = directory.path + "/page"
        try RealDisk().share(path, writable: true).store(SharedPageWord(0), 3)
        #expect(chmod(path, 0o400) == 0)
        #expect(try RealDisk().share(path, writable: false).load(SharedPageWord(0)) == 3)
    }

    @Test func `a page without bytes is none for a reader`() throws {
        let directory = TemporaryDirectory()
        _ = try RealDisk().create(directory.path + "/page", size: 0)
        let error = #expect(throws: DiskError.self) {
            try RealDisk().share(directory.path + "/page", writable: false)
        }
        #expect(error?.isMissing == true)
    }

    @Test func `the zeros of a new file take up space`() throws {
        let directory = TemporaryDirectory()
        _ = try RealDisk().create(directory.path + "/file", size: 3 << 20)
        var information = stat()
        #expect(stat(directory.path + "/file", &information) == 0)
        #expect(information.st_blocks * 512 >= 3 << 20)
    }
}
