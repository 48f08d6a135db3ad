import CSystem
import Glibc

/// A page of a file that several processes map, locked for its open description.
///
/// The operating system gives the lock back when its holder dies.
final class RealSharedPage: SharedPage, @unchecked Sendable {
    // The address is set once; the words behind it are read and written atomically.
    private let address: UnsafeMutableRawPointer
    private let path: String
    private let descriptor: Int32
    private let threads: UnsafeMutablePointer<pthread_mutex_t>

    private static let size = 512
    private static let counterOffset = SharedPageWord.count * 8

    /// Opens the file, makes it where it does not exist, and maps it.
    static func open(_ path: String) throws(DiskError) -> RealSharedPage {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        let descriptor = try call("open", path) { Glibc.open(path, flags, 0o600) }
        let protection = PROT_READ | PROT_WRITE
        guard ftruncate(descriptor, off_t(size)) == 0,
            let address = mmap(nil, size, protection, MAP_SHARED, descriptor, 0),
            address != MAP_FAILED
        else {
            let number = errno
            close(descriptor)
            throw DiskError(call: "mmap", path: path, number: number)
        }
        return RealSharedPage(path: path, descriptor: descriptor, address: address)
    }

    private init(path: String, descriptor: Int32, address: UnsafeMutableRawPointer) {
        self.path = path
        self.descriptor = descriptor
        self.address = address
        threads = .allocate(capacity: 1)
        pthread_mutex_init(threads, nil)
    }

    deinit {
        munmap(address, RealSharedPage.size)
        close(descriptor)
        pthread_mutex_destroy(threads)
        threads.deallocate()
    }

    func load(_ word: SharedPageWord) -> UInt64 {
        shared_load(address + word.index * 8)
    }

    func store(_ word: SharedPageWord, _ value: UInt64) {
        shared_store(address + word.index * 8, value)
    }

    var counter: UInt32 {
        shared_counter(address + RealSharedPage.counterOffset)
    }

    func raise() {
        shared_counter_raise(address + RealSharedPage.counterOffset)
    }

    func wait(since seen: UInt32, timeoutMilliseconds: Int) {
        shared_counter_wait(
            address + RealSharedPage.counterOffset,
            seen,
            Int64(timeoutMilliseconds)
        )
    }

    func lock() throws(DiskError) {
        pthread_mutex_lock(threads)
        do {
            _ = try call("fcntl", path) { shared_lock(descriptor) }
            try checkIsInPlace()
        } catch {
            pthread_mutex_unlock(threads)
            throw error
        }
    }

    func tryLock() throws(DiskError) -> Bool {
        guard pthread_mutex_trylock(threads) == 0 else { return false }
        do {
            _ = try call("fcntl", path) { shared_try_lock(descriptor) }
            try checkIsInPlace()
            return true
        } catch {
            pthread_mutex_unlock(threads)
            guard error.number == EAGAIN else { throw error }
            return false
        }
    }

    func isLocked() throws(DiskError) -> Bool {
        try call("fcntl", path) { shared_is_locked(descriptor) } == 1
    }

    /// Gives up a lock that nobody else would wait for: others lock the file that now has the name.
    private func checkIsInPlace() throws(DiskError) {
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_nlink > 0 else {
            _ = shared_unlock(descriptor)
            throw DiskError(call: "fcntl", path: path, number: ESTALE)
        }
    }

    func unlock() {
        _ = shared_unlock(descriptor)
        pthread_mutex_unlock(threads)
    }
}
