import Disk

extension DiskFile {
    /// Writes bytes over those at an offset.
    func write(_ bytes: [UInt8], at offset: Int) throws(DiskError) {
        try write(bytes.span.bytes, at: offset)
    }
}
