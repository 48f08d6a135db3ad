import Glibc

/// Who asks, and from which machine.
public struct OperatorIdentity: Hashable, Sendable {
    /// The operating system's user, behind `sudo` the one who called it.
    public var name: String
    /// The machine.
    public var host: String

    /// Names somebody.
    public init(name: String, host: String) {
        self.name = name
        self.host = host
    }

    /// The user and the machine of this process.
    public static func current() -> OperatorIdentity {
        let user = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
        var name = user ?? String(getuid())
        if getuid() == 0, let caller = getenv("SUDO_USER") {
            name = String(cString: caller) + " (as root)"
        }
        var buffer = [CChar](repeating: 0, count: 256)
        gethostname(&buffer, buffer.count - 1)
        let host = buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        return OperatorIdentity(name: name, host: String(decoding: host, as: UTF8.self))
    }
}
