import EventLoop
import Testing

@Suite struct DescriptorLimitTests {
    @Test func `the limit is raised and never lowered`() {
        let before = DescriptorLimit.raise(to: 0)
        #expect(before > 0)
        #expect(DescriptorLimit.raise(to: before) == before)
        #expect(DescriptorLimit.raise(to: 1) == before)
        // What the system does not allow is not an error: as far as it goes.
        #expect(DescriptorLimit.raise(to: Int(Int32.max)) >= before)
    }
}
