import Glibc

/// Events that look like the real ones, for machines without them.
enum MadeUpData {
    /// Writes a file of CloudEvents, one a line.
    static func write(_ count: Int, to path: String) throws {
        var text: [UInt8] = []
        for number in 0..<count {
            let customer = number * 7919 % 500
            let lines = (0..<number % 20).map { line in
                #"{"sku":"\#(20_000 + line)","description":"ITEM \#(line)","qty":\#(line + 1)}"#
            }
            text +=
                """
                {"specversion":"1.0","id":"\(number)","source":"urn:made-up","type":"OrderInvoiced",\
                "subject":"customer-\(customer)","time":"2011-01-01T00:00:00Z",\
                "datacontenttype":"application/json","data":{"invoiceNo":"\(number)",\
                "totalMills":\(number * 10),"lines":[\(lines.joined(separator: ","))]}}

                """.utf8
        }
        let file = fopen(path, "w")
        guard let file else { throw MadeUpDataError() }
        defer { fclose(file) }
        guard fwrite(text, 1, text.count, file) == text.count else { throw MadeUpDataError() }
    }
}

/// A file could not be written.
struct MadeUpDataError: Error {}
