import Foundation
import FuzzTargets
import Testing

/// Every input that the fuzzer starts from, and every one that it has found, through the same properties.
@Suite struct CorpusTests {
    private static let corpus = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fuzz/corpus")

    @Test(arguments: FuzzTarget.allCases) func `the properties hold for the corpus`(target: FuzzTarget) throws
    {
        let folder = Self.corpus.appending(path: target.rawValue)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count >= 20)
        for file in files { target.run(Array(try Data(contentsOf: file))) }
    }
}
