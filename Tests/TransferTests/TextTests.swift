import Operations
import Testing

@Test(
    "base64 has the form of RFC 4648 §10",
    arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ]
)
func base64(_ plain: String, _ text: String) {
    #expect(Base64.encoded(plain.utf8) == Array(text.utf8))
    #expect(Base64.decoded(text.utf8.span) == Array(plain.utf8))
}

@Test(
    "what is no base64 is refused",
    arguments: ["Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Zh==", "Zm9=", "Zm9v\n", "Zm-_", "é  "]
)
func notBase64(_ text: String) {
    #expect(Base64.decoded(text.utf8.span) == nil)
}
