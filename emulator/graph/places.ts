import type { RoomListPlace, RoomPlace } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import { holdsAny } from './access.ts'
import { collectionAnswer, entityAnswer, plainly } from './collection.ts'
import type { GraphAnswer, GraphCall } from './graph-call.ts'
import { accessDenied, GraphProblem } from './graph-problem.ts'
import { readFilter } from './odata-filter.ts'
import { type Route, route } from './router.ts'

type Json = Record<string, unknown>

/** Rooms and room lists (Graph place-list, place-get). A room list's rooms are asked for by its address and not by its id. */
export const placeRoutes: Route[] = [
  route('GET', '/places/microsoft.graph.room', (call) => placePage(call, roomsOf(call.tenant), 'graph.room')),
  route('GET', '/places/microsoft.graph.room/$count', (call) => placeCount(call, roomsOf(call.tenant))),
  route('GET', '/places/microsoft.graph.roomlist', (call) => placePage(call, listsOf(call.tenant), 'graph.roomList')),
  route('GET', '/places/microsoft.graph.roomlist/$count', (call) => placeCount(call, listsOf(call.tenant))),
  route('GET', '/places/:place/microsoft.graph.roomlist/rooms', roomsInList),
  route('GET', '/places/:place/microsoft.graph.room', getPlace),
  route('GET', '/places/:place', getPlace),
]

function placePage(call: GraphCall, rows: Json[], cast: string): GraphAnswer {
  refuseWithoutPlaces(call)
  const shape = { context: `places/${cast}`, pageSize: 100, pageSizeMax: 1000, always: ['id'] }
  return collectionAnswer(call, plainly(rows), shape)
}

function placeCount(call: GraphCall, rows: Json[]): GraphAnswer {
  refuseWithoutPlaces(call)
  const counted = call.query.filter === null ? rows : rows.filter(readFilter(call.query.filter))
  return { status: 200, body: String(counted.length) }
}

function roomsInList(call: GraphCall): GraphAnswer {
  const address = call.params.place?.toLowerCase()
  const list = call.tenant.roomLists.find((one) => one.emailAddress.toLowerCase() === address)
  refuseWithoutPlaces(call)
  if (list === undefined) throw noSuchPlace(call)
  const rooms = listedRooms(call.tenant).filter((room) => room.roomListId === list.id)
  return placePage(
    call,
    rooms.map((room) => roomJson(call.tenant, room)),
    'graph.room',
  )
}

function getPlace(call: GraphCall): GraphAnswer {
  refuseWithoutPlaces(call)
  const name = call.params.place?.toLowerCase()
  const isNamed = (place: { id: string; emailAddress: string }) =>
    place.id.toLowerCase() === name || place.emailAddress.toLowerCase() === name
  const room = listedRooms(call.tenant).find(isNamed)
  if (room !== undefined) return placeAnswer(call, 'room', roomJson(call.tenant, room))
  const list = call.tenant.roomLists.find(isNamed)
  if (list !== undefined) return placeAnswer(call, 'roomList', listJson(list))
  throw noSuchPlace(call)
}

function placeAnswer(call: GraphCall, type: string, json: Json): GraphAnswer {
  return entityAnswer(call, { '@odata.type': `#microsoft.graph.${type}`, ...json }, 'places', ['id'])
}

function roomsOf(tenant: Tenant): Json[] {
  return listedRooms(tenant).map((room) => roomJson(tenant, room))
}

/** The directory of places hears of a new room late. */
function listedRooms(tenant: Tenant): RoomPlace[] {
  const now = tenant.now().toISOString()
  return tenant.rooms.filter(({ listedAt }) => listedAt === undefined || listedAt <= now)
}

function listsOf(tenant: Tenant): Json[] {
  return tenant.roomLists.list().map(listJson)
}

function roomJson(tenant: Tenant, room: RoomPlace): Json {
  const { id, emailAddress, displayName, building, floorNumber, floorLabel, capacity, tags } = room
  const { audioDeviceName, videoDeviceName, displayDeviceName, isWheelChairAccessible } = room
  const address = tenant.roomLists.get(room.roomListId ?? '')?.address ?? null
  return {
    id,
    placeId: id,
    parentId: room.roomListId,
    emailAddress,
    displayName,
    nickname: displayName,
    label: null,
    phone: null,
    ...(address === null ? {} : { address: { city: address } }),
    building,
    floorNumber,
    floorLabel,
    capacity,
    bookingType: tenant.roomPolicies.get(room.userId)?.bookingType.toLowerCase() ?? 'standard',
    tags,
    audioDeviceName,
    videoDeviceName,
    displayDeviceName,
    isWheelChairAccessible,
  }
}

function listJson({ id, emailAddress, displayName, address }: RoomListPlace): Json {
  return { id, placeId: id, emailAddress, displayName, phone: null, address: { city: address } }
}

function refuseWithoutPlaces({ token }: GraphCall): void {
  if (!holdsAny(token, ['Place.Read.All', 'Place.ReadWrite.All'])) throw accessDenied()
}

function noSuchPlace({ params }: GraphCall): GraphProblem {
  return new GraphProblem(404, 'ErrorItemNotFound', `The place '${params.place}' was not found.`)
}
