/// US social security numbers. Areas 000, 666 and 9xx, group 00 and serial 0000 were never issued
/// (SSA, "Social Security Number Randomization").
enum SocialSecurity {
  static let isIssued: @Sendable (UnsafeBufferPointer<UInt8>) -> Bool = { digits in
    let (area, group, serial) = (digits.number(0..<3), digits.number(3..<5), digits.number(5..<9))
    // 078-05-1120 and 219-09-9999 were printed in advertisements.
    let isAdvertised =
      (area, group, serial) == (78, 5, 1120) || (area, group, serial) == (219, 9, 9999)
    return area != 0 && area != 666 && area < 900 && group != 0 && serial != 0 && !isAdvertised
  }
}
