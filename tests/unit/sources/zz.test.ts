import { test } from "vitest";
import { openAsBlob, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { openSources } from "#sources";
import { diskFile } from "./files.ts";
test("speed", async () => {
  const [di,dj,dk]=[512,512,300];
  const head=new Uint8Array(352); const v=new DataView(head.buffer); v.setInt32(0,348,true); [3,di,dj,dk,1,1,1,1].forEach((n,i)=>v.setInt16(40+2*i,n,true)); v.setInt16(70,4,true); v.setInt16(72,16,true); [1,1,1,1].forEach((n,i)=>v.setFloat32(76+4*i,n,true)); v.setFloat32(108,352,true); head.set([0x6e,0x2b,0x31,0],344); v.setInt16(254,1,true); v.setFloat32(280,1,true);v.setFloat32(300,1,true);v.setFloat32(320,1,true);
  const vox=new Int16Array(di*dj*dk); let s=1; for(let n=0;n<vox.length;n++){ s=(s*1103515245+12345)&0x7fffffff; vox[n]=Math.round(500*Math.sin(n/5000))+((s>>20)&31); }
  const raw=Buffer.concat([head,new Uint8Array(vox.buffer)]); writeFileSync('/tmp/big.nii',raw); writeFileSync('/tmp/big.nii.gz',gzipSync(raw,{level:1}));
  for (let r=0;r<3;r++) {
  for (const f of ['/tmp/big.nii.gz','/tmp/big.nii']) { const t=performance.now(); const l=await openSources([await diskFile(f)]); let n=0; for await (const x of (await l.series[0]!.open()).slices()) n+=x.voxels.byteLength; const s=(performance.now()-t)/1e3; console.log(f,(n/1e6/s).toFixed(0),'MB/s', l.refused, l.series[0]?.description.notes); }
  { const t=performance.now(); let n=0; const b=await openAsBlob('/tmp/big.nii.gz'); const rd=b.stream().pipeThrough(new DecompressionStream('gzip')).getReader(); for(;;){const {done,value}=await rd.read(); if(done)break; n+=value.length;} console.log('plain DS',(n/1e6/((performance.now()-t)/1e3)).toFixed(0)); }
  { const t=performance.now(); let n=0; const b=await openAsBlob('/tmp/big.nii'); const rd=b.stream().getReader(); for(;;){const {done,value}=await rd.read(); if(done)break; n+=value.length;} console.log('plain blob stream',(n/1e6/((performance.now()-t)/1e3)).toFixed(0)); }
  }
}, 100000);
