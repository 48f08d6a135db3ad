import CSystem
import Glibc

// Sendable: the address is set once; the words behind it are read and written atomically.
/// A page of a file that several processes map, locked for its open description.
///
/// The operating system gives the lock back when its holder dies.
final class RealSharedPage: SharedPage, @unchecked Sendable {
    private let address: UnsafeMutableRawPointer
    private let path: String
    private let isWritable: Bool
    private let descriptor: Int32
    private let threads: UnsafeMutablePointer<pthread_mutex_t>

    private static let size = 512
    private static let counterOffset = SharedPageWord.count * 8

    /// Opens the file and maps it; makes it where it is to be written and does not exist.
    static func open(_ path: String, writable: Bool) throws(DiskError) -> RealSharedPage {
        let access = writable ? O_RDWR | O_CREAT : O_RDONLY
        let flags = access | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let descriptor = try call("open", path) { Glibc.open(path, flags, 0o600) }
        do throws(DiskError) {
            try checkSize(of: descriptor, path, growing: writable)
            let protection = writable ? PROT_READ | PROT_WRITE : PROT_READ
            let address = mmap(nil, size, protection, MAP_SHARED, descriptor, 0)
            guard let address, address != MAP_FAILED else {
                throw DiskError(call: "mmap", path: path, number: errno)
            }
            return RealSharedPage(
                path: path,
                descriptor: descriptor,
                address: address,
                isWritable: writable
            )
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Sees to it that there are bytes to map.
    ///
    /// They take up space on disk, since a full one would end the process that uses them. A reader
    /// that finds a page just made, without bytes yet, finds none.
    private static func checkSize(
        of descriptor: Int32,
        _ path: String,
        growing: Bool
    ) throws(DiskError) {
        var information = stat()
        _ = try call("fstat", path) { fstat(descriptor, &information) }
        guard information.st_size < size else { return }
        guard growing else { throw DiskError(call: "mmap", path: path, number: ENOENT) }
        _ = try call("fallocate", path) {
            let number = posix_fallocate(descriptor, 0, off_t(size))
            errno = number
            return number == 0 ? 0 : -1
        }
    }

    private init(
        path: String,
        descriptor: Int32,
        address: UnsafeMutableRawPointer,
        isWritable: Bool
    ) {
        self.path = path
        self.descriptor = descriptor
        self.address = address
        self.isWritable = isWritable
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
        checkIsWritable()
        shared_store(address + word.index * 8, value)
    }

    var counter: UInt32 {
        shared_counter(address + RealSharedPage.counterOffset)
    }

    func raise() {
        let counter = address + RealSharedPage.counterOffset
        if isWritable { shared_counter_raise(counter) } else { shared_counter_wake(counter) }
    }

    func wait(since seen: UInt32, timeoutMilliseconds: Int) {
        shared_counter_wait(
            address + RealSharedPage.counterOffset,
            seen,
            Int64(timeoutMilliseconds)
        )
    }

    func lock() throws(DiskError) {
        checkIsWritable()
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
        checkIsWritable()
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

    private func checkIsWritable() {
        precondition(isWritable, "A page shared for reading is neither changed nor locked.")
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
