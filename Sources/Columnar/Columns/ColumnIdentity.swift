/// Which memory a column reads: two that are equal hold the same values, in one place.
package struct ColumnIdentity: Hashable {
  private let values: ObjectIdentifier
  private let validity: ObjectIdentifier?
  private let type: DataType

  package init(_ column: Column) {
    values =
      switch column.storage {
      case .int8(let buffer): ObjectIdentifier(buffer)
      case .int16(let buffer): ObjectIdentifier(buffer)
      case .int32(let buffer): ObjectIdentifier(buffer)
      case .int64(let buffer): ObjectIdentifier(buffer)
      case .float(let buffer): ObjectIdentifier(buffer)
      case .dictionary(.uint8(let codes), _): ObjectIdentifier(codes)
      case .dictionary(.uint16(let codes), _): ObjectIdentifier(codes)
      case .dictionary(.uint32(let codes), _): ObjectIdentifier(codes)
      case .text(let text): ObjectIdentifier(text)
      }
    validity = column.validity.map { ObjectIdentifier($0.words) }
    type = column.type
  }
}
