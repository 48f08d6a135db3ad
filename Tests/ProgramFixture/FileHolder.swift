import Glibc
import RecountTesting
import Testing

/// A process that does nothing but have a file open.
package final class FileHolder {
    /// The number of the process.
    package let process: Int32
    private let files: TemporaryDirectory

    /// Starts the process.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - name: what the process is to be called.
    /// - Throws: where it cannot be started.
    package init(of path: String, named name: String = "sleep") throws {
        files = TemporaryDirectory()
        let program = files.path + "/" + name
        try #require(symlink("/bin/sleep", program) == 0)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
        process = try Program.start([program, "600"], &actions)
    }

    deinit {
        kill(process, SIGKILL)
        while waitpid(process, nil, 0) < 0 && errno == EINTR {}
    }
}
