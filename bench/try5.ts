import { openStage } from './stage/stage.ts'
import { plantRooms, signInPeople } from './stage/crowd.ts'
import { chooseMode } from '../test/support/choose-mode.ts'
import { bookOne, placeOf } from './push/booking.ts'
import { loadavg } from 'node:os'
const mode=process.argv[2] as any, count=Number(process.argv[3]), np=Number(process.argv[4]??4), nr=Number(process.argv[5]??20)
const s=await openStage()
try {
await s.tenant.turn({serviceTimeMs:150})
const rooms=await plantRooms(s,nr)
const people=await signInPeople(s,np)
await chooseMode(s.admin,mode)
const w0=await s.startWorker()
for (let i=0;i<30;i++){ const r=await s.db.selectFrom('room_watches').select(['state','method']).execute(); if(r.every(x=>x.state==='watching')&&r.length) {console.log('watching',r.length,r[0], i); break} ; if(i==29) console.log(r.slice(0,5)); await new Promise(r=>setTimeout(r,1000)) }
await w0.stop()
await Promise.all(Array.from({length:count},(_,n)=>n).map(n=>bookOne(people[n%np]!,{...placeOf(n,rooms),subject:`S ${n}`})))
const since=(await s.tenant.ledger()).at(-1)?.id??0
const w=await s.startWorker()
const t0=Date.now()
for(let i=0;i<60;i++){ await new Promise(r=>setTimeout(r,2000))
 const o=await s.db.selectFrom('reservation_outbox').select(({fn})=>fn.countAll<string>().as('n')).where('done_at','is',null).executeTakeFirstOrThrow()
 const c=await s.db.selectFrom('reservations').select(['state',({fn}:any)=>fn.countAll().as('n')]).groupBy('state').execute()
 const due=await s.db.selectFrom('room_events').select(({fn})=>fn.countAll<string>().as('n')).where('plan_due_at','is not',null).executeTakeFirstOrThrow()
 const l=await s.tenant.ledger(since)
 const k:Record<string,number>={}
 for(const e of l){ const key=[e.surface,e.method,e.path.replace(/[^/]{40,}/g,'ID').replace(/bench-\d+/,'ROOM').replace(/[a-z]+@/,'X@'),e.status,e.errorCode].join(' '); k[key]=(k[key]??0)+1 }
 if(i%3==2||o.n==='0') console.log(((Date.now()-t0)/1000).toFixed(0),'outbox',o.n,JSON.stringify(c),'due',due.n,'load',loadavg()[0]!.toFixed(1))
 if (c.every(x=>x.state==='confirmed')&&due.n==='0'&&o.n==='0') { console.log(k); break }
 if (i===59) {console.log(k); console.log(w.output())}
}
console.log(w.output().slice(-1500))
} finally { await s.close() }
