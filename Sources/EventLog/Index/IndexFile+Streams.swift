import EventModel
import EventStorage

extension IndexFile {
    /// The number of streams that have events in the file.
    var streamCount: Int { header.streamCount }

    /// What the file knows of a stream; nothing where the stream has no event in it.
    ///
    /// A stream that is not there nearly always costs one look at its slot.
    func run(of name: RawSpan, hash: UInt64) throws(IndexDamage) -> StreamRun? {
        guard let number = try stream(named: name, hash: hash) else { return nil }
        return try run(number)
    }

    /// The number of the stream with a name, in the order of names.
    private func stream(named name: RawSpan, hash: UInt64) throws(IndexDamage) -> Int? {
        let count = IndexFormat.slotCount(streams: streamCount)
        let numberBits = IndexFormat.slotNumberBits(streams: streamCount)
        let fingerprint = UInt32(truncatingIfNeeded: hash) << numberBits
        let numberMask: UInt32 = (1 << numberBits) - 1
        var place = IndexFormat.place(UInt32(hash >> 32), in: count)
        for _ in 0..<count {
            let slot: UInt32 = try load(.slots, place * 4)
            if slot == 0 { return nil }
            if slot & ~numberMask == fingerprint {
                let number = Int(slot & numberMask) - 1
                if try self.name(number).hasSameBytes(as: name) { return number }
            }
            place = place + 1 == count ? 0 : place + 1
        }
        return nil
    }

    /// The name of the stream with a number.
    @_lifetime(borrow self)
    func name(_ number: Int) throws(IndexDamage) -> RawSpan {
        let start = number == 0 ? 0 : Int(try nameEnd(number - 1))
        let end = Int(try nameEnd(number))
        guard start <= end else { throw damage }
        return try bytes(.names, start..<end)
    }

    private func nameEnd(_ number: Int) throws(IndexDamage) -> UInt32 {
        try load(.streams, number &* StreamRow.size)
    }

    /// What the file knows of the stream with a number.
    func run(_ number: Int) throws(IndexDamage) -> StreamRun {
        let offset = number &* StreamRow.size
        let start: UInt32 = number == 0 ? 0 : try load(.streams, offset - StreamRow.size + 4)
        let row = StreamRow(try bytes(.streams, offset..<offset + StreamRow.size))
        guard start < row.addressEnd, row.lastPosition < UInt32(header.coverage.eventCount) else {
            throw damage
        }
        return StreamRun(
            firstSequence: row.firstSequence,
            count: Int(row.addressEnd - start),
            lastPosition: header.coverage.firstPosition + UInt64(row.lastPosition),
            firstTime: row.firstTime,
            lastTime: row.lastTime,
            firstAddress: Int(start)
        )
    }

    /// Calls `body` with addresses of consecutive numbers, relative to the file.
    @inline(__always)
    func forEachAddress(
        _ numbers: Range<Int>,
        _ body: (UInt32) -> Void
    ) throws(IndexDamage) {
        guard numbers.upperBound <= header.coverage.eventCount else { throw damage }
        let bytes = try bytes(.addresses, numbers.lowerBound * 4..<numbers.upperBound * 4)
        for offset in stride(from: 0, to: bytes.byteCount, by: 4) {
            let address = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
            body(UInt32(littleEndian: address))
        }
    }

    /// The number of the first stream whose name is not before a given one.
    func firstStream(notBefore name: RawSpan) throws(IndexDamage) -> Int {
        var low = 0
        var high = streamCount
        while low < high {
            let middle = (low + high) / 2
            if try self.name(middle).precedes(name) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension RawSpan {
    /// Whether these bytes come before others.
    func precedes(_ other: RawSpan) -> Bool {
        let order = order(other)
        return order < 0 || (order == 0 && byteCount < other.byteCount)
    }

    /// Whether these bytes begin with others.
    func starts(with prefix: RawSpan) -> Bool {
        byteCount >= prefix.byteCount && order(prefix) == 0
    }

    /// Less than 0, 0 or more, as the first difference in the common length tells.
    private func order(_ other: RawSpan) -> Int {
        let count = Swift.min(byteCount, other.byteCount)
        var index = 0
        while index + 8 <= count {
            let left = unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).bigEndian
            let right = other.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).bigEndian
            if left != right { return left < right ? -1 : 1 }
            index += 8
        }
        while index < count {
            let left = unsafeLoad(fromByteOffset: index, as: UInt8.self)
            let right = other.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            if left != right { return left < right ? -1 : 1 }
            index += 1
        }
        return 0
    }
}
