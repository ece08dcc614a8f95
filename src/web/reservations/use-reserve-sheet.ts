import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type Reservation, readReservation, readReservingRules } from '#reservations/contract.ts'
import { listRooms, type Room } from '#rooms/contract.ts'
import { useDirectory } from '../people/use-directory.ts'
import type { RoomDay } from '../rooms/room-order.ts'
import { useLookAtRoom } from '../rooms/use-look-at-room.ts'
import type { Span } from '../rooms/wish.ts'
import { asking, queryClient } from '../shell/queries.ts'
import {
  bookBody,
  draftErrors,
  type FieldErrors,
  fieldErrors,
  nothingTyped,
  type ReservationDraft,
  slotOf,
} from './reservation-draft.ts'
import { type Alternative, clashIn } from './room-clash.ts'
import { useReserving } from './use-reserving.ts'

type Slot = { room: Room; date: string; from: string; to: string }

/** The state of reserving on one page. What was typed outlives the sheet until it is booked: nothing typed is lost. */
export function useReserveSheet() {
  const [opened, setOpened] = useState(false)
  const [slot, setSlot] = useState<Slot | null>(null)
  const [typed, setTyped] = useState(nothingTyped)
  const [errors, setErrors] = useState<FieldErrors>({})
  const [recent, setRecent] = useState<readonly string[]>([])
  const directory = useDirectory()
  const reserving = useReserving((reservation) => {
    setRecent((ids) => [reservation.id, ...ids.filter((id) => id !== reservation.id)])
    setTyped(nothingTyped)
    setOpened(reservation.permissionNeeded !== null)
  })
  const { data: rules } = useQuery({
    ...asking(readReservingRules, { query: { roomId: slot?.room.id ?? '' } }),
    enabled: opened && slot !== null,
    staleTime: 60_000,
  })
  useLookAtRoom(opened && slot !== null ? slot.room.id : null)
  const waiting = useWaiting(opened ? reserving.booked : null, () => setOpened(false))

  const open = (day: RoomDay, span: Span) => {
    reserving.reset()
    setErrors({})
    setSlot({ room: day.room, ...slotOf(span, day.room.building.timeZone) })
    setOpened(true)
  }
  const draft: ReservationDraft | null = slot && { ...typed, date: slot.date, from: slot.from, to: slot.to }
  const change = ({ date, from, to, ...rest }: ReservationDraft) => {
    setErrors({})
    setSlot((current) => current && { ...current, date, from, to })
    setTyped(rest)
  }
  const send = (room: Room) => {
    if (draft === null) return
    const found = draftErrors(draft)
    setErrors(found)
    if (Object.keys(found).length === 0) reserving.book(bookBody(draft, room))
  }
  const switchRoom = async (alternative: Alternative) => {
    const room = await roomById(alternative.roomId)
    if (room === null) return
    reserving.reset()
    setSlot((current) => current && { ...current, room })
  }
  const clash = clashIn(reserving.problem)
  const props = slot &&
    draft && {
      opened,
      room: slot.room,
      draft,
      errors: { ...fieldErrors(reserving.problem?.fields ?? {}), ...errors },
      clash,
      problem: clash === null ? (reserving.problem?.detail ?? null) : null,
      pending: reserving.pending,
      waiting,
      directory,
      rules,
      onChange: change,
      onBook: () => send(slot.room),
      onSwitchRoom: (alternative: Alternative) => void switchRoom(alternative),
      onClose: () => setOpened(false),
    }
  return { open, recent, forget: (id: string) => setRecent(recent.filter((known) => known !== id)), props }
}

/** The draft that was just kept, live: as soon as it goes on, the sheet has nothing left to say. */
function useWaiting(booked: Reservation | null, done: () => void): Reservation | null {
  const { data } = useQuery({
    ...asking(readReservation, { params: { id: booked?.id ?? '' } }),
    enabled: booked?.permissionNeeded != null,
  })
  const wentOn = data !== undefined && data.reservation.permissionNeeded === null
  useEffect(() => {
    if (wentOn) done()
  })
  return data?.reservation ?? booked
}

async function roomById(id: string): Promise<Room | null> {
  const { rooms } = await queryClient.fetchQuery({ ...asking(listRooms, {}), staleTime: 300_000 })
  return rooms.find((room) => room.id === id) ?? null
}
