import Recount

/// What the read model takes out of a payload; the texts are the payload's own bytes.
struct BilledFields {
    /// The plan.
    let plan: UnsafeRawBufferPointer
    /// The month that is billed.
    let period: UnsafeRawBufferPointer
    /// The invoice.
    let invoice: UnsafeRawBufferPointer
    /// How many seats there are.
    let seats: Int64
    /// The amount.
    let amountCents: Int64

    /// Reads a payload, which must be one of the workload.
    init(_ payload: UnsafeRawBufferPointer, _ parser: inout JSONParser) throws {
        let view = try parser.parse(payload.bytes)
        guard let plan = view.member("plan")?.text(in: payload),
            let period = view.member("period")?.text(in: payload),
            let invoice = view.member("invoice")?.text(in: payload),
            let seats = view.member("seats")?.integer,
            let amountCents = view.member("amountCents")?.integer
        else { throw BenchmarkError("a payload lacks a field") }
        self.plan = plan
        self.period = period
        self.invoice = invoice
        self.seats = seats
        self.amountCents = amountCents
    }
}

extension JSONView {
    /// The bytes of a string that has no escapes, in the text that was parsed.
    fileprivate func text(in parsed: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let text = plainStringBytes else { return nil }
        let start = byteOffset + 1
        return UnsafeRawBufferPointer(rebasing: parsed[start..<start + text.count])
    }
}
