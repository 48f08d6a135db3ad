/// What the tables of this process mix into their hashes, so that keys chosen to collide do not.
package enum HashSeed {
    /// A random number, the same as long as the process lives.
    package static let value: UInt64 = {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }()
}
