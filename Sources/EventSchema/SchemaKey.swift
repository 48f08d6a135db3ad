/// A coding key made from text or an index, where no type of keys is known.
struct SchemaKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = "Index \(intValue)"
        self.intValue = intValue
    }

    static let parent = SchemaKey(stringValue: "super")
}
