import Disk
import EventModel
import EventStorage

// Sendable: the bytes never change and live as long as the mapping that is kept here.
/// An index of a part of the log that does not change any more.
///
/// Nothing is read of it that has not been verified once since it was opened; looking something up
/// reads only the pages it needs. A row is always checked to lie where it may, so that bytes that
/// somebody made up can mislead but not harm.
final class IndexFile: @unchecked Sendable {
    /// What the file covers.
    let header: IndexHeader
    private let mapping: any MappedBytes
    private let buffer: UnsafeRawBufferPointer
    private let verified: VerifiedBlocks

    /// Opens an index file and verifies its header and the checksums of the rest.
    ///
    /// - Parameters:
    ///   - mapping: the bytes of the whole file, which must not change any more.
    ///   - firstPosition: what the file's name tells.
    ///   - origin: the store that it has to belong to.
    /// - Throws: what is wrong with the file.
    init(
        _ mapping: any MappedBytes,
        firstPosition: UInt64,
        origin: IndexOrigin
    ) throws(IndexDamage) {
        let bytes = RawSpan(_unsafeBytes: mapping.buffer)
        guard let header = IndexHeader(bytes) else {
            throw IndexDamage(firstPosition: firstPosition, reason: .header)
        }
        guard header.origin == origin else {
            throw IndexDamage(firstPosition: firstPosition, reason: .origin)
        }
        guard header.coverage.firstPosition == firstPosition else {
            throw IndexDamage(firstPosition: firstPosition, reason: .name)
        }
        let checksums = bytes.extracting(header.sections[IndexSection.checksums.rawValue])
        guard LogFormat.checksum(checksums, seed: 0) == header.checksumsChecksum else {
            throw IndexDamage(firstPosition: firstPosition, reason: .checksum)
        }
        self.header = header
        self.mapping = mapping
        buffer = mapping.buffer
        verified = VerifiedBlocks(count: checksums.byteCount / 8)
    }

    /// Whether the bytes are not those of a file on disk.
    var isInMemory: Bool { mapping is IndexBytes }

    /// What is thrown where a number leads out of where it may lead.
    var damage: IndexDamage {
        IndexDamage(firstPosition: header.coverage.firstPosition, reason: .content)
    }

    /// The bytes of a section.
    func size(_ section: IndexSection) -> Int { header.sections[section.rawValue].count }

    /// A number that stands at an offset of a section.
    @inline(__always)
    func load<Value: FixedWidthInteger & BitwiseCopyable>(
        _ section: IndexSection,
        _ offset: Int,
        as type: Value.Type = Value.self
    ) throws(IndexDamage) -> Value {
        let range = header.sections[section.rawValue]
        guard offset >= 0, offset <= range.count - MemoryLayout<Value>.size else { throw damage }
        let start = range.lowerBound + offset
        try verify(start, MemoryLayout<Value>.size)
        return Value(littleEndian: buffer.loadUnaligned(fromByteOffset: start, as: type))
    }

    /// Where a section lies, for many looks at it.
    func section(_ section: IndexSection) -> Range<Int> { header.sections[section.rawValue] }

    /// Some bytes of a section.
    @_lifetime(borrow self)
    func bytes(_ section: IndexSection, _ range: Range<Int>) throws(IndexDamage) -> RawSpan {
        try bytes(header.sections[section.rawValue], range.lowerBound, range.count)
    }

    /// Some bytes of a section that lies where ``section(_:)`` told.
    @_lifetime(borrow self)
    @inline(__always)
    func bytes(
        _ whole: Range<Int>,
        _ offset: Int,
        _ count: Int
    ) throws(IndexDamage) -> RawSpan {
        guard offset >= 0, count <= whole.count - offset else { throw damage }
        let start = whole.lowerBound + offset
        if count > 0 { try verify(start, count) }
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[start..<start + count])
        return _overrideLifetime(RawSpan(_unsafeBytes: bytes), borrowing: self)
    }

    /// All bytes of a section.
    @_lifetime(borrow self)
    func bytes(_ section: IndexSection) throws(IndexDamage) -> RawSpan {
        try bytes(section, 0..<size(section))
    }

    /// Verifies all that is not verified yet of `count` bytes, at least 1.
    @inline(__always)
    private func verify(_ start: Int, _ count: Int) throws(IndexDamage) {
        var block = (start - IndexFormat.headerSize) / IndexFormat.checkedSize
        let last = (start + count - 1 - IndexFormat.headerSize) / IndexFormat.checkedSize
        while block <= last {
            if !verified.contains(block) { try verify(block) }
            block += 1
        }
    }

    @inline(never)
    private func verify(_ block: Int) throws(IndexDamage) {
        let table = header.sections[IndexSection.checksums.rawValue]
        let start = IndexFormat.headerSize + block * IndexFormat.checkedSize
        let end = min(start + IndexFormat.checkedSize, table.lowerBound)
        guard start < end else { throw damage }
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
        let expected = UInt64(
            littleEndian: buffer.loadUnaligned(
                fromByteOffset: table.lowerBound + block * 8,
                as: UInt64.self
            )
        )
        guard LogFormat.checksum(RawSpan(_unsafeBytes: bytes), seed: 0) == expected else {
            throw IndexDamage(firstPosition: header.coverage.firstPosition, reason: .checksum)
        }
        verified.insert(block)
    }
}
